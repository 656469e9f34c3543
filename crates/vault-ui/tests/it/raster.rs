//! Draws egui's triangles on the CPU, so that pictures need neither a display nor a driver and are the same everywhere.

use std::collections::HashMap;

use egui::{
    Color32, ImageData, Rect, TextureId, TexturesDelta,
    epaint::{Primitive, Vertex},
};
use egui_kittest::TestRenderer;

/// A texture as egui gave it: premultiplied colours.
struct Texture {
    width: usize,
    height: usize,
    pixels: Vec<Color32>,
}

/// The rasteriser.
#[derive(Default)]
pub struct Raster {
    textures: HashMap<TextureId, Texture>,
}

impl TestRenderer for Raster {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        for (id, images) in delta.set.drain() {
            for image in images {
                let ImageData::Color(color) = &image.image;
                let [width, height] = color.size;
                match image.pos {
                    None => {
                        self.textures.insert(id, Texture { width, height, pixels: color.pixels.clone() });
                    }
                    Some([left, top]) => {
                        let texture = self.textures.get_mut(&id).expect("a part comes after the whole");
                        for (row, line) in color.pixels.chunks_exact(width).enumerate() {
                            let at = (top + row) * texture.width + left;
                            texture.pixels[at..at + width].copy_from_slice(line);
                        }
                    }
                }
            }
        }
        for id in delta.free.drain() {
            self.textures.remove(&id);
        }
    }

    fn render(&mut self, ctx: &egui::Context, output: &egui::FullOutput) -> Result<image::RgbaImage, String> {
        let scale = output.pixels_per_point;
        let size = ctx.viewport_rect().size() * scale;
        let (width, height) = (size.x.round() as usize, size.y.round() as usize);
        let mut canvas = vec![[0.0_f32; 4]; width * height];
        for part in ctx.tessellate(output.shapes.clone(), scale) {
            let Primitive::Mesh(mesh) = &part.primitive else { continue };
            let Some(texture) = self.textures.get(&mesh.texture_id) else { continue };
            let clip = part.clip_rect;
            let clip = Rect::from_min_max((clip.min.to_vec2() * scale).to_pos2(), (clip.max.to_vec2() * scale).to_pos2());
            let left = clip.left().round().max(0.0) as usize;
            let right = (clip.right().round().max(0.0) as usize).min(width);
            let top = clip.top().round().max(0.0) as usize;
            let bottom = (clip.bottom().round().max(0.0) as usize).min(height);
            for corner in mesh.indices.chunks_exact(3) {
                let corners = [0, 1, 2].map(|at| mesh.vertices[corner[at] as usize]);
                triangle(&mut canvas, width, [left, right, top, bottom], corners, scale, texture);
            }
        }
        let bytes = canvas.iter().flat_map(|pixel| pixel.map(|part| (part * 255.0).round().clamp(0.0, 255.0) as u8)).collect();
        image::RgbaImage::from_raw(width as u32, height as u32, bytes).ok_or_else(|| "size".to_owned())
    }
}

fn triangle(canvas: &mut [[f32; 4]], width: usize, clip: [usize; 4], mut v: [Vertex; 3], scale: f32, texture: &Texture) {
    let at = |vertex: &Vertex| (vertex.pos.x * scale, vertex.pos.y * scale);
    let edge = |a: (f32, f32), b: (f32, f32), p: (f32, f32)| (b.0 - a.0) * (p.1 - a.1) - (b.1 - a.1) * (p.0 - a.0);
    let mut area = edge(at(&v[0]), at(&v[1]), at(&v[2]));
    if area == 0.0 {
        return;
    }
    if area < 0.0 {
        v.swap(1, 2);
        area = -area;
    }
    let p = [at(&v[0]), at(&v[1]), at(&v[2])];
    let low = |values: [f32; 3]| values.into_iter().fold(f32::MAX, f32::min).floor().max(0.0) as usize;
    let high = |values: [f32; 3]| values.into_iter().fold(f32::MIN, f32::max).ceil().max(0.0) as usize;
    let xs = p.map(|p| p.0);
    let ys = p.map(|p| p.1);
    // A pixel on a shared edge belongs to the triangle whose top or left edge it is.
    let top_left = |a: (f32, f32), b: (f32, f32)| (a.1 == b.1 && b.0 > a.0) || b.1 < a.1;
    let bias = [top_left(p[1], p[2]), top_left(p[2], p[0]), top_left(p[0], p[1])];
    for y in low(ys).max(clip[2])..high(ys).min(clip[3]) {
        for x in low(xs).max(clip[0])..high(xs).min(clip[1]) {
            let centre = (x as f32 + 0.5, y as f32 + 0.5);
            let w = [edge(p[1], p[2], centre), edge(p[2], p[0], centre), edge(p[0], p[1], centre)];
            if (0..3).any(|i| w[i] < 0.0 || (w[i] == 0.0 && !bias[i])) {
                continue;
            }
            let w = w.map(|w| w / area);
            let mix = |part: fn(&Vertex) -> f32| w[0] * part(&v[0]) + w[1] * part(&v[1]) + w[2] * part(&v[2]);
            let sample = sample(texture, mix(|v| v.uv.x), mix(|v| v.uv.y));
            let color =
                [mix(|v| v.color.r().into()), mix(|v| v.color.g().into()), mix(|v| v.color.b().into()), mix(|v| v.color.a().into())];
            let source: [f32; 4] = std::array::from_fn(|i| sample[i] * color[i] / 255.0);
            let pixel = &mut canvas[y * width + x];
            for i in 0..4 {
                pixel[i] = source[i] + pixel[i] * (1.0 - source[3]);
            }
        }
    }
}

/// Between the four nearest texels.
fn sample(texture: &Texture, u: f32, v: f32) -> [f32; 4] {
    let (x, y) = (u * texture.width as f32 - 0.5, v * texture.height as f32 - 0.5);
    let (x0, y0) = (x.floor(), y.floor());
    let (fx, fy) = (x - x0, y - y0);
    let texel = |dx: f32, dy: f32| {
        let column = ((x0 + dx).max(0.0) as usize).min(texture.width - 1);
        let row = ((y0 + dy).max(0.0) as usize).min(texture.height - 1);
        texture.pixels[row * texture.width + column].to_array().map(|byte| f32::from(byte) / 255.0)
    };
    let [a, b, c, d] = [texel(0.0, 0.0), texel(1.0, 0.0), texel(0.0, 1.0), texel(1.0, 1.0)];
    std::array::from_fn(|i| (a[i] * (1.0 - fx) + b[i] * fx) * (1.0 - fy) + (c[i] * (1.0 - fx) + d[i] * fx) * fy)
}
