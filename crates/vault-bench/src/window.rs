//! The program's window on a virtual screen: when its first frame is seen, what it takes, and that it sleeps.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    os::unix::fs::FileExt,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    Result,
    measure::median,
    table::{Row, time},
    vault::MadeUp,
};

/// Starts of each side.
const ROUNDS: usize = 11;
/// How long a window may take before the measurement is given up.
const PATIENCE: Duration = Duration::from_secs(60);
/// The window has settled when its memory has stayed the same for so long.
const SETTLED: Duration = Duration::from_secs(3);
/// How long it is watched doing nothing.
const IDLE: Duration = Duration::from_secs(10);

/// Times the bare window; and no more memory than this.
const MOST_RATIO: f64 = 1.3;
const MOST_MB: f64 = 150.0;

/// Three lines for `nt2` on a vault that opens by itself; `bare` is a window of eframe with nothing in it.
pub(crate) fn rows(made_up: &MadeUp, nt2: &Path, bare: &Path, dir: &Path) -> Result<Vec<Row>> {
    made_up.write_keys()?;
    let screen = Screen::start(dir)?;
    let ours = || {
        let mut command = screen.command(nt2);
        command.arg("--data").arg(made_up.folder()).args(["--key-store", "disk"]);
        command
    };
    let (mut our_starts, mut their_starts) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        our_starts.push(screen.first_frame(&mut ours())?.1);
        their_starts.push(screen.first_frame(&mut screen.command(bare))?.1);
    }
    let (our_start, their_start) = (median(&our_starts), median(&their_starts));
    let ratio = our_start / their_start;
    let start = Row::new("start to first frame; bare eframe window", time(our_start), time(their_start), ratio);
    let (window, _) = screen.first_frame(&mut ours())?;
    let our_mb = settled_mb(&window)?;
    let idle = idle(&window)?;
    drop(window);
    let their_mb = settled_mb(&screen.first_frame(&mut screen.command(bare))?.0)?;
    let n_items = made_up.items.len();
    let memory = format!("memory of the window with {n_items} items; bare eframe window");
    let memory = Row::new(memory, format!("{our_mb:.0} MB"), format!("{their_mb:.0} MB"), our_mb / their_mb);
    let sleep = Row::alone(
        format!("wake-ups of the idle window in {} s, CPU of all threads", IDLE.as_secs()),
        format!("{}, {}", idle.wake_ups, time(idle.cpu_secs)),
    );
    Ok(vec![
        start.target(format!("≤ {MOST_RATIO}"), ratio <= MOST_RATIO),
        memory.target(format!("≤ {MOST_MB} MB"), our_mb <= MOST_MB),
        // Who does not wake up draws nothing.
        sleep.target("0", idle.wake_ups == 0),
    ])
}

/// A process that ends when it goes out of scope.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // Fails only if it has ended already.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// A virtual screen whose pixels lie in a file. Without a window manager, so that nobody else draws: a window appears at the top left.
struct Screen {
    display: String,
    pixels: File,
    /// Where a line through the middle of the window lies in the file, and its length, in bytes.
    line: (u64, usize),
    _server: Process,
}

impl Screen {
    fn start(dir: &Path) -> Result<Self> {
        let mut server = Command::new("Xvfb");
        server.args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-br", "+extension", "GLX", "-nolisten", "tcp", "-fbdir"]).arg(dir);
        let mut server = Process(server.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?);
        let mut line = String::new();
        BufReader::new(server.0.stdout.take().ok_or("Xvfb has no output")?).read_line(&mut line)?;
        let pixels = File::open(dir.join("Xvfb_screen0"))?;
        // XWDFile.h: big-endian words; the pixels follow the header and the colour table of 12 bytes an entry.
        let word = |n: u64| {
            let mut bytes = [0; 4];
            pixels.read_exact_at(&mut bytes, n * 4).map(|()| u64::from(u32::from_be_bytes(bytes)))
        };
        let (header_len, line_len, n_colours) = (word(0)?, word(12)?, word(19)?);
        let line_at = header_len + n_colours * 12 + line_len * 380;
        Ok(Self { display: format!(":{}", line.trim()), pixels, line: (line_at, usize::try_from(line_len)?), _server: server })
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env("DISPLAY", &self.display).env_remove("WAYLAND_DISPLAY").env_remove("DBUS_SESSION_BUS_ADDRESS");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Starts a window; seconds until the screen shows some of it.
    fn first_frame(&self, command: &mut Command) -> Result<(Process, f64)> {
        self.wait_until(|is_black| is_black, "the last window does not go away")?;
        let start = Instant::now();
        let process = Process(command.spawn()?);
        self.wait_until(|is_black| !is_black, "no window appears")?;
        Ok((process, start.elapsed().as_secs_f64()))
    }

    fn wait_until(&self, wanted: impl Fn(bool) -> bool, complaint: &str) -> Result<()> {
        let start = Instant::now();
        let mut line = vec![0; self.line.1];
        while start.elapsed() < PATIENCE {
            self.pixels.read_exact_at(&mut line, self.line.0)?;
            if wanted(line.chunks_exact(4).all(|pixel| pixel[..3] == [0, 0, 0])) {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(1));
        }
        Err(complaint.into())
    }
}

/// Resident memory in MB once it stays the same.
fn settled_mb(process: &Process) -> Result<f64> {
    let (start, mut last, mut since) = (Instant::now(), 0.0, Instant::now());
    while start.elapsed() < PATIENCE {
        let mb = number(&format!("/proc/{}/status", process.0.id()), "VmRSS:")? * 1024.0 / 1e6;
        if mb != last {
            (last, since) = (mb, Instant::now());
        }
        if since.elapsed() >= SETTLED {
            return Ok(mb);
        }
        thread::sleep(Duration::from_millis(100));
    }
    Err("the window's memory does not settle".into())
}

/// What a window did while nobody did anything.
struct Idle {
    /// How often its own thread ran.
    wake_ups: u64,
    /// Of all its threads.
    cpu_secs: f64,
}

fn idle(process: &Process) -> Result<Idle> {
    let pid = process.0.id();
    let state = || -> Result<(f64, f64)> {
        let status = format!("/proc/{pid}/task/{pid}/status");
        let switches = number(&status, "voluntary_ctxt_switches:")? + number(&status, "nonvoluntary_ctxt_switches:")?;
        // proc_pid_stat(5): the program's name in brackets, then from the third field on; 14 and 15 are user and system time.
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
        let ticks = |n: usize| fields.get(n - 3).and_then(|field| field.parse::<f64>().ok()).ok_or("proc_pid_stat has another form");
        Ok((switches, (ticks(14)? + ticks(15)?) / 100.0))
    };
    let before = state()?;
    thread::sleep(IDLE);
    let after = state()?;
    Ok(Idle { wake_ups: (after.0 - before.0) as u64, cpu_secs: after.1 - before.1 })
}

/// The number after a name in a file of `/proc`.
fn number(path: &str, name: &str) -> Result<f64> {
    let text = std::fs::read_to_string(path)?;
    let line = text.lines().find_map(|line| line.strip_prefix(name)).ok_or("the window has ended")?;
    Ok(line.split_whitespace().next().ok_or("no number")?.parse()?)
}
