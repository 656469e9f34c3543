//! A large file into the vault and out again, against `age` with a recipient key.

use std::{
    fs::File,
    io::Write,
    path::{Path, PathBuf},
    process::Command as Program,
    time::Instant,
};

use rustix::time::{ClockId, clock_gettime};
use vault_engine::{Command, Event};
use vault_model::realistic::Realistic;
use vault_testkit::TestDevice;

use crate::{
    Result,
    measure::median,
    peers::{self, Cost, Peer},
    table::{Row, time},
    vault::{create, drafts, save},
};

/// Rounds of both sides, one after the other.
const ROUNDS: usize = 3;
const MOST_RATIO: f64 = 1.25;
const MOST_MIB: f64 = 64.0;

/// All lines. Every file ends flushed to the disk: the engine does so, and what `age` writes is flushed after it.
pub(crate) fn rows(peer: &Peer, dir: &Path, gib: f64) -> Result<Vec<Row>> {
    let plain = dir.join("plain.bin");
    make_file(&plain, (gib * f64::from(1 << 30)) as u64)?;
    let age = Age::make(dir)?;
    let mut rounds: [Vec<Cost>; 4] = Default::default();
    for round in 0..ROUNDS {
        let folder = dir.join(format!("round-{round}"));
        let out = dir.join("out.bin");
        let [seal, open] = ours(&plain, &folder, &out)?;
        if round == 0 {
            peers::check(Program::new("cmp").args([&plain, &out]), "")?;
        }
        std::fs::remove_dir_all(&folder)?;
        std::fs::remove_file(&out)?;
        let theirs = age.both(peer, &plain)?;
        for (costs, cost) in rounds.iter_mut().zip([seal, open, theirs[0], theirs[1]]) {
            costs.push(cost);
        }
    }
    std::fs::remove_file(&plain)?;
    let [seal, open, age_seal, age_open] = rounds.each_ref().map(|costs| middle(costs));
    let mut rows = Vec::new();
    for (way, ours, theirs) in [("seal", seal, age_seal), ("open", open, age_open)] {
        let ratio = ours.elapsed_secs / theirs.elapsed_secs;
        let elapsed = Row::new(
            format!("{way} a file of {gib} GiB, elapsed, flushed; age"),
            time(ours.elapsed_secs),
            time(theirs.elapsed_secs),
            ratio,
        );
        rows.push(elapsed.target(format!("≤ {MOST_RATIO}"), ratio <= MOST_RATIO));
        let what = format!("{way} a file of {gib} GiB, CPU of all threads; age");
        rows.push(Row::new(what, time(ours.cpu_secs), time(theirs.cpu_secs), ours.cpu_secs / theirs.cpu_secs));
    }
    let (ours, theirs) = (seal.peak_kib.max(open.peak_kib) / 1024.0, age_seal.peak_kib.max(age_open.peak_kib) / 1024.0);
    let what = format!("memory for a file of {gib} GiB, above idle; age in all");
    let row = Row::new(what, format!("{ours:.1} MiB"), format!("{theirs:.1} MiB"), ours / theirs);
    rows.push(row.target(format!("≤ {MOST_MIB} MiB"), ours <= MOST_MIB));
    Ok(rows)
}

fn middle(costs: &[Cost]) -> Cost {
    let of = |part: fn(&Cost) -> f64| median(&costs.iter().map(part).collect::<Vec<_>>());
    Cost { elapsed_secs: of(|cost| cost.elapsed_secs), cpu_secs: of(|cost| cost.cpu_secs), peak_kib: of(|cost| cost.peak_kib) }
}

/// Runs [`child`] in a process of its own, so that its memory is its own; the peaks are above what it had before.
fn ours(plain: &Path, folder: &Path, out: &Path) -> Result<[Cost; 2]> {
    let line = peers::check(Program::new(std::env::current_exe()?).arg("attach").args([plain, folder, out]), "")?;
    let numbers = peers::numbers(&line)?;
    let [seal, seal_cpu, seal_kib, open, open_cpu, open_kib] = numbers[..] else { return Err("the child said something else".into()) };
    let cost = |elapsed_secs, cpu_secs, peak_kib| Cost { elapsed_secs, cpu_secs, peak_kib };
    Ok([cost(seal, seal_cpu, seal_kib), cost(open, open_cpu, open_kib)])
}

/// `vault-bench attach`: a vault in `folder` takes `plain` in and gives it out as `out`. One line: for each way seconds elapsed, seconds of
/// CPU, KiB above idle.
pub(crate) fn child(plain: &Path, folder: &Path, out: &Path) -> Result<String> {
    std::fs::create_dir_all(folder)?;
    let mut device = TestDevice::open(folder, 1);
    create(&mut device)?;
    let draft = drafts(1).next().ok_or("no item was made up")?;
    let item = save(&mut device, draft)?;
    let idle_kib = memory_kib("VmRSS:")?;
    let source = device.host().open_source(plain)?;
    let command = Command::Attach { item, source, name: "plain.bin".into(), media_type: String::new() };
    let seal = measured(&mut device, command);
    let seal_kib = memory_kib("VmHWM:")? - idle_kib;
    let events = device.ok(Command::OpenItem { item });
    let view = events.iter().find_map(|event| if let Event::Item(view) = event { Some(view) } else { None });
    let attachment = view.and_then(|view| view.attachments.first()).ok_or("the attachment is not there")?.id;
    let sink = device.host().create_sink(out);
    let open = measured(&mut device, Command::Extract { item, attachment, sink });
    let open_kib = memory_kib("VmHWM:")? - idle_kib;
    Ok(format!("{} {} {seal_kib} {} {} {open_kib}", seal.0, seal.1, open.0, open.1))
}

/// Seconds elapsed and seconds of CPU of all threads.
fn measured(device: &mut TestDevice, command: Command) -> (f64, f64) {
    let cpu = || {
        let time = clock_gettime(ClockId::ProcessCPUTime);
        time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
    };
    let (start, start_cpu) = (Instant::now(), cpu());
    device.ok(command);
    (start.elapsed().as_secs_f64(), cpu() - start_cpu)
}

/// A line of Linux' `/proc/self/status` in KiB.
fn memory_kib(name: &str) -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or("this system does not tell memory")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

fn make_file(path: &Path, len_bytes: u64) -> Result<()> {
    let mut realistic = Realistic::new(9);
    let mut file = File::create(path)?;
    let mut left = len_bytes;
    while left > 0 {
        let n = left.min(1 << 20);
        file.write_all(&realistic.file(n as usize))?;
        left -= n;
    }
    Ok(file.sync_all()?)
}

/// A key pair of age.
struct Age {
    key: PathBuf,
    recipient: String,
    sealed: PathBuf,
    opened: PathBuf,
}

impl Age {
    fn make(dir: &Path) -> Result<Self> {
        let key = dir.join("age.key");
        peers::check(Program::new("age-keygen").arg("-o").arg(&key), "")?;
        let recipient = peers::check(Program::new("age-keygen").arg("-y").arg(&key), "")?.trim().to_owned();
        Ok(Self { key, recipient, sealed: dir.join("sealed.age"), opened: dir.join("opened.bin") })
    }

    /// Seals and opens; the files are gone afterwards.
    fn both(&self, peer: &Peer, plain: &Path) -> Result<[Cost; 2]> {
        let [plain, key, sealed, opened] = [plain, &self.key, &self.sealed, &self.opened].map(Path::to_string_lossy);
        let seal = flushed(peer, &["age", "-r", &self.recipient, "-o", &sealed, &plain], &self.sealed)?;
        let open = flushed(peer, &["age", "-d", "-i", &key, "-o", &opened, &sealed], &self.opened)?;
        std::fs::remove_file(&self.sealed)?;
        std::fs::remove_file(&self.opened)?;
        Ok([seal, open])
    }
}

fn flushed(peer: &Peer, words: &[&str], out: &Path) -> Result<Cost> {
    let cost = peer.run(words, "")?;
    let start = Instant::now();
    File::open(out)?.sync_all()?;
    Ok(Cost { elapsed_secs: cost.elapsed_secs + start.elapsed().as_secs_f64(), ..cost })
}
