//! The real window on a screen of its own, driven by keys as a person drives it.

use std::{
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::support::{Bench, program};

/// Far more than anything here takes on a busy machine with a software renderer.
const PATIENCE: Duration = Duration::from_secs(120);

/// Looks again and again until there is something.
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let mut found = None;
    within(PATIENCE, || {
        found = look();
        found.is_some()
    });
    found.unwrap_or_else(|| panic!("waited in vain for {what}"))
}

/// Whether it comes true in time.
pub(crate) fn within(patience: Duration, mut look: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    while start.elapsed() < patience {
        if look() {
            return true;
        }
        thread::sleep(Duration::from_millis(50));
    }
    false
}

/// Ended when it goes out of scope, however the test ends.
pub(crate) struct Process(pub(crate) Child);

impl Drop for Process {
    fn drop(&mut self) {
        // Fails only if it has ended already.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Starts a program that the tests need; `cargo xtask setup` installs it.
pub(crate) fn start(command: &mut Command) -> Process {
    let program = command.get_program().to_string_lossy().into_owned();
    Process(command.stdin(Stdio::null()).spawn().unwrap_or_else(|error| panic!("{program}: {error}; `cargo xtask setup` installs it")))
}

/// A virtual screen with a window manager.
pub(crate) struct Screen {
    display: String,
    _manager: Process,
    _server: Process,
}

impl Screen {
    pub(crate) fn start() -> Self {
        let mut server = Command::new("Xvfb");
        // It chooses a free number and says which.
        server.args(["-displayfd", "1", "-screen", "0", "1280x800x24", "+extension", "GLX", "-nolisten", "tcp"]);
        let mut server = start(server.stdout(Stdio::piped()).stderr(Stdio::null()));
        let mut line = String::new();
        BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let display = format!(":{}", line.trim());
        let manager = start(Command::new("openbox").env("DISPLAY", &display).stdout(Stdio::null()).stderr(Stdio::null()));
        let screen = Self { display, _manager: manager, _server: server };
        // Until the manager is there, nobody gives a new window the keyboard.
        until("the window manager", || {
            screen.run("xprop", &["-root", "_NET_SUPPORTING_WM_CHECK"]).filter(|text| text.contains("window id"))
        });
        screen
    }

    /// Standard output of a tool on this screen; none if it failed.
    fn run(&self, tool: &str, arguments: &[&str]) -> Option<String> {
        let output = Command::new(tool).args(arguments).env("DISPLAY", &self.display).output().unwrap();
        output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
    }

    /// Opens the window on the bench's data folder and waits until it has the keyboard. `environment`: what it finds beyond the screen.
    pub(crate) fn open(&self, bench: &Bench, environment: &[(&str, &str)]) -> Window<'_> {
        let mut command = program();
        command.arg("--data").arg(bench.data()).args(["--key-store", "disk"]).env("DISPLAY", &self.display);
        command.env("HOME", bench.path("home")).env("XDG_RUNTIME_DIR", bench.path("run"));
        command.env_remove("DBUS_SESSION_BUS_ADDRESS").env("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus");
        command.envs(environment.iter().copied());
        let process = start(command.stdout(Stdio::null()).stderr(Stdio::null()));
        let pid = process.0.id().to_string();
        until("the window", || self.run("xdotool", &["getactivewindow", "getwindowpid"]).filter(|active| active.trim() == pid));
        Window { screen: self, process }
    }
}

/// An open window.
pub(crate) struct Window<'s> {
    screen: &'s Screen,
    process: Process,
}

impl Window<'_> {
    pub(crate) fn pid(&self) -> u32 {
        self.process.0.id()
    }

    /// Whether it has a vault open, told by the lock on the vault's folder: looking on changes nothing, trying to open the vault would.
    pub(crate) fn has_vault_open(&self) -> bool {
        let locks = std::fs::read_to_string("/proc/locks").unwrap();
        // `1: FLOCK  ADVISORY  WRITE 4711 00:21:5 0 EOF`
        locks.lines().any(|line| line.contains("FLOCK") && line.split_whitespace().any(|word| word == self.pid().to_string()))
    }

    /// Presses keys, named as X names them: `ctrl+l`.
    pub(crate) fn press(&self, keys: &[&str]) {
        self.screen.run("xdotool", &[&["key", "--delay", "100"], keys].concat()).expect("xdotool presses keys");
    }

    pub(crate) fn type_text(&self, text: &str) {
        self.screen.run("xdotool", &["type", "--delay", "25", text]).expect("xdotool types");
    }
}

/// Where a picture of the screen would help to find out why a test waits in vain, this is the tool.
#[allow(dead_code, reason = "for the person who looks for a mistake")]
impl Screen {
    pub(crate) fn picture(&self, path: PathBuf) {
        self.run("import", &["-window", "root", &path.to_string_lossy()]);
    }
}
