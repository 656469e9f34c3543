//! Zeroes every block before it is freed.

use std::alloc::{GlobalAlloc, Layout, System};
use std::mem::MaybeUninit;

/// The system's allocator, but every block is zeroed before it goes back: copies that libraries made of a secret go with it.
///
/// `realloc` stays at the trait's default (allocate, copy, free), so that a block that grows leaves nothing behind either.
///
/// Nothing of it is inlined: the wiping loop would stand at each of the tens of thousands of places that free memory.
pub struct WipingAllocator;

// SAFETY: every block comes from `System` and goes back to it with the layout it was made with; in between only the block's own bytes
// are written, and only in `dealloc`, when nobody may use them any more.
unsafe impl GlobalAlloc for WipingAllocator {
    #[inline(never)]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are those that `System` asks for.
        unsafe { System.alloc(layout) }
    }

    #[inline(never)]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as in `alloc`.
        unsafe { System.alloc_zeroed(layout) }
    }

    #[inline(never)]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller promises that `block` was allocated here with `layout`, so it is valid for writes of that many bytes, and
        // that nobody uses it any more.
        unsafe {
            wipe(block, layout.size());
            System.dealloc(block, layout);
        }
    }
}

/// Writes zeros that the compiler may not leave out, although the block is freed next: volatile, eight bytes at a time.
///
/// # Safety
///
/// `block` is valid for writes of `len_bytes` bytes and nobody else uses them.
unsafe fn wipe(block: *mut u8, len_bytes: usize) {
    // SAFETY: valid by the caller's promise; `MaybeUninit`, because nobody needs to have written to the block.
    let bytes = unsafe { std::slice::from_raw_parts_mut(block.cast::<MaybeUninit<u8>>(), len_bytes) };
    // SAFETY: any bytes make a `MaybeUninit<u64>`.
    let (head, words, tail) = unsafe { bytes.align_to_mut::<MaybeUninit<u64>>() };
    for byte in head.iter_mut().chain(tail) {
        // SAFETY: a reference is valid for writes.
        unsafe { std::ptr::write_volatile(byte, MaybeUninit::new(0)) };
    }
    for word in words {
        // SAFETY: as above, and `align_to_mut` aligned it.
        unsafe { std::ptr::write_volatile(word, MaybeUninit::new(0)) };
    }
}
