//! The preview process: an answer for every input, and limits that hold.

use std::{
    io::Write as _,
    process::{Command, Output, Stdio},
};

use vault_preview::{
    Preview,
    wire::{ReplyError, Request, parse_reply},
};

fn child(wire: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_nt2"))
        .arg("--preview")
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(wire).ok();
    drop(stdin);
    child.wait_with_output().unwrap()
}

fn preview(name: &str, bytes: &[u8]) -> Result<Preview, ReplyError> {
    let mut wire = Request { max_side_px: 512, name, media_type: "", bytes }.head();
    wire.extend(bytes);
    parse_reply(&child(&wire).stdout)
}

#[test]
fn text_and_pictures_come_back() {
    assert!(matches!(preview("a.txt", b"hello"), Ok(Preview::Text(text)) if text.text == "hello"));
    let icon = include_bytes!("../../../assets/brand/icon-256.png");
    assert!(matches!(preview("icon.png", icon), Ok(Preview::Image(image)) if (image.width, image.height) == (256, 256)));
}

#[test]
fn a_damaged_picture_is_an_answer_and_not_a_crash() {
    let icon = include_bytes!("../../../assets/brand/icon-256.png");
    assert_eq!(preview("icon.png", &icon[..icon.len() / 2]), Err(ReplyError::Damaged));
}

#[test]
fn rubbish_instead_of_a_request_ends_the_process_with_an_error() {
    let output = child(b"no request");
    assert!(!output.status.success() && output.stdout.is_empty());
}

/// A BMP of a few bytes that claims 20,000 × 4,900 pixels, just under the ceiling.
#[test]
fn a_cut_picture_just_under_the_ceiling_is_answered_in_time() {
    let mut bmp = Vec::from(*b"BM");
    bmp.extend(58_u32.to_le_bytes());
    bmp.extend([0; 4]);
    bmp.extend(54_u32.to_le_bytes());
    bmp.extend(40_u32.to_le_bytes());
    bmp.extend(20_000_i32.to_le_bytes());
    bmp.extend(4_900_i32.to_le_bytes());
    bmp.extend(1_u16.to_le_bytes());
    bmp.extend(24_u16.to_le_bytes());
    bmp.extend([0; 24]);
    bmp.extend([1, 2, 3, 4]);
    let started = std::time::Instant::now();
    assert!(matches!(preview("bomb.bmp", &bmp), Err(ReplyError::Damaged | ReplyError::TooLarge)));
    assert!(started.elapsed().as_secs() < 10);
}

#[cfg(target_os = "linux")]
#[test]
fn mf04_the_process_limits_its_own_memory_and_time() {
    use std::io::Read as _;
    let mut child = Command::new(env!("CARGO_BIN_EXE_nt2")).arg("--preview").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // Once it takes input in large pieces, the limits are set: more fits through than a pipe holds (64 KiB, pipe(7)).
    stdin.write_all(&[0; 1 << 20]).unwrap();
    let mut limits = String::new();
    std::fs::File::open(format!("/proc/{}/limits", child.id())).unwrap().read_to_string(&mut limits).unwrap();
    drop(stdin);
    child.wait().unwrap();
    let line = |name: &str| limits.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
    assert!(line("Max address space").contains(&(1536_u64 << 20).to_string()), "{limits}");
    assert!(line("Max cpu time").split_whitespace().any(|word| word == "8"), "{limits}");
}
