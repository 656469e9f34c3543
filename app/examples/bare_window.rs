//! The least that eframe opens: what the benchmark compares the start of the window with.

fn main() -> eframe::Result {
    let viewport = egui::ViewportBuilder::default().with_inner_size([1200.0, 760.0]);
    let options = eframe::NativeOptions { viewport, persist_window: false, ..eframe::NativeOptions::default() };
    eframe::run_ui_native("bare window", options, |ui, _frame| {
        egui::CentralPanel::default().show(ui, |ui| ui.label("bare"));
    })
}
