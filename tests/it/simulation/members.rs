//! What changes members and keys: devices that join, folders that are copied and put back, a new password.

use std::collections::BTreeSet;

use tempfile::TempDir;
use vault_engine::{Command, Event, command::KitInput, sync::PairingStep};
use vault_protocol::ObjectId;
use vault_testkit::Rng;

use super::{Replica, Simulation};
use crate::sync::{KIT_PASSPHRASE, SERVER, past_values, save_kit, status};

/// Tries over the bad line before a good one helps.
const N_BAD_TRIES: usize = 5;
/// Tries in all.
const N_TRIES: usize = 9;

/// See the module.
#[derive(Clone, Copy, Debug)]
pub(super) enum MemberAct {
    JoinByKit,
    JoinByCode,
    NewPassword,
    /// A second machine goes on with a copy of a device's folder and keys (MS16).
    Clone,
    /// Somebody copies a device's folder.
    Copy,
    /// And puts it back later (LD07).
    PutBack,
    /// A device is lost, and another one removes it.
    Remove,
}

/// A device's folder as it was.
pub(super) struct FolderCopy {
    n: usize,
    folder: TempDir,
    known: BTreeSet<ObjectId>,
    password: usize,
}

impl MemberAct {
    /// What happens when. Each has ended before the next begins.
    pub(super) fn script(rng: &mut Rng, n_steps: usize) -> Vec<(usize, Self)> {
        let part = n_steps / 10;
        let mut script = vec![
            (part + rng.below(4 * part), Self::JoinByKit),
            (part + rng.below(5 * part), Self::JoinByCode),
            (3 * part + rng.below(6 * part), Self::NewPassword),
        ];
        if !rng.one_in(3) {
            script.push((part + rng.below(7 * part), Self::Clone));
        }
        if !rng.one_in(3) {
            let copied = rng.below(6 * part);
            script.extend([(copied, Self::Copy), (copied + part / 2 + rng.below(3 * part), Self::PutBack)]);
        }
        if rng.one_in(3) {
            script.push((part + rng.below(8 * part), Self::NewPassword));
        }
        if rng.one_in(2) {
            script.push((4 * part + rng.below(5 * part), Self::Remove));
        }
        script
    }
}

impl Simulation {
    pub(super) fn change_members(&mut self, act: MemberAct) {
        self.tell(|| format!("{act:?}"));
        match act {
            MemberAct::JoinByKit => self.join_by_kit(),
            MemberAct::JoinByCode => self.join_by_code(),
            MemberAct::NewPassword => self.new_password(),
            MemberAct::Clone => self.clone_device(),
            MemberAct::Copy => self.copy_folder(),
            MemberAct::PutBack => self.put_back(),
            MemberAct::Remove => self.remove(),
        }
    }

    /// One device more; nothing is on it.
    fn add_device(&mut self) -> usize {
        let n = self.world.add_device();
        self.replicas.push(Replica::default());
        self.model.add_device(None);
        self.set_clocks();
        n
    }

    fn has_vault(&mut self, n: usize) -> bool {
        let vault = self.vault();
        let (events, _) = self.send(n, Command::ListVaults);
        events.iter().any(|event| matches!(event, Event::Vaults(vaults) if vaults.iter().any(|entry| entry.vault == vault)))
    }

    /// The person uses the kit that was made last. Each try may be lost on the line, and the device may die of it.
    fn join_by_kit(&mut self) {
        let host = self.kit_maker;
        self.sync_well(host);
        self.be_open(host);
        let kit = save_kit(self.device(host));
        self.sync_well(host);
        let number = self.replicas[host].password;
        let n = self.add_device();
        self.replicas[n].password = number;
        for attempt in 0..N_TRIES {
            let source = self.device(n).host().put_source(kit.clone());
            let kit = KitInput::File { source, passphrase: Some(KIT_PASSPHRASE.into()) };
            let password = self.passwords[number].as_str().into();
            let command = Command::JoinWithKit { server: SERVER.into(), did: None, name: "Personal".into(), kit, password };
            if attempt == N_BAD_TRIES {
                self.line.borrow_mut().be_good();
            }
            if attempt < N_BAD_TRIES && self.rng.one_in(3) {
                self.die_of(n, command);
            } else {
                self.send(n, command);
            }
            if self.has_vault(n) {
                break;
            }
            self.pass(2000);
        }
        self.line.borrow_mut().be_bad();
        self.be_open(n);
        self.sync_well(n);
        self.kit_maker = n;
    }

    fn join_by_code(&mut self) {
        let host = self.any_device();
        let guest = self.add_device();
        for attempt in 0..N_TRIES {
            self.sync_well(host);
            if attempt == N_BAD_TRIES {
                self.line.borrow_mut().be_good();
            }
            self.be_open(host);
            self.pair(host, guest);
            if self.has_vault(guest) {
                break;
            }
            self.send(guest, Command::Lock);
            self.pass(2000);
        }
        self.line.borrow_mut().be_bad();
        self.be_open(guest);
        self.sync_well(guest);
    }

    /// One try: both look into the mailbox twice a second until something comes of it, or nothing.
    fn pair(&mut self, host: usize, guest: usize) {
        let number = self.replicas[host].password;
        self.replicas[guest].password = number;
        let shown = self.device(host).start(Command::PairHost);
        let mut of_host = self.device(host).run();
        let code = of_host.iter().find_map(|event| match event {
            Event::Pairing(_, PairingStep::Code { code, .. }) => Some(code.expose().to_owned()),
            _ => None,
        });
        let code = code.expect("a code is shown");
        let join = Command::PairJoin { server: SERVER.into(), code: code.as_str().into(), name: "Personal".into() };
        let joining = self.device(guest).start(join);
        let mut of_guest = Vec::new();
        let mut confirm = None;
        for _ in 0..40 {
            self.pass(500);
            of_host.extend(self.device(host).run());
            of_guest.extend(self.device(guest).run());
            let (on_host, on_guest) = (compared(&of_host), compared(&of_guest));
            if let (None, Some(code), Some(other)) = (confirm, &on_host, &on_guest) {
                assert_eq!(code, other, "nobody stands in between");
                let password = self.passwords[number].as_str().into();
                confirm = Some(self.device(host).start(Command::PairConfirm { password }));
            }
            let is_enrolled = of_guest.iter().any(|event| matches!(event, Event::Pairing(_, PairingStep::PasswordNeeded)));
            let has_failed = |events: &[Event]| events.iter().any(|event| matches!(event, Event::Failed(..)));
            if is_enrolled {
                let password = self.passwords[number].as_str().into();
                self.send(guest, Command::PairFinish { password });
                break;
            }
            if has_failed(&of_host) || has_failed(&of_guest) {
                break;
            }
        }
        self.watch(host, "pairing, host", &of_host);
        self.watch(guest, "pairing, guest", &of_guest);
        for request in [Some(shown), confirm].into_iter().flatten() {
            self.send(host, Command::Cancel(request));
        }
        self.send(guest, Command::Cancel(joining));
    }

    /// What the lost device had not handed over by then may be missing; what the others had not, has to be there.
    fn remove(&mut self) {
        let alone: Vec<usize> = self.living().into_iter().filter(|n| !self.replicas[*n].has_twin).collect();
        let lost: Vec<usize> = alone.iter().copied().filter(|n| *n != self.kit_maker).collect();
        if alone.len() < 3 || lost.is_empty() {
            return;
        }
        let lost = lost[self.rng.below(lost.len())];
        let others: Vec<usize> = alone.into_iter().filter(|n| *n != lost).collect();
        let n = others[self.rng.below(others.len())];
        self.be_open(lost);
        let device = status(self.device(lost)).devices.into_iter().find(|device| device.is_this).expect("itself").device;
        self.replicas[lost].is_out = true;
        self.sync_well(n);
        self.be_open(n);
        let mut missing = Vec::new();
        for (item, value) in self.model.values_of(lost) {
            let is_there = self.send(n, Command::History { item, field: None }).1.is_none();
            if !is_there || !past_values(self.device(n), item, "password").contains(&value) {
                missing.push(value);
            }
        }
        self.model.excuse(missing);
        self.copies.retain(|copy| copy.n != n && copy.n != lost);
        self.editors.retain(|(of, ..)| *of != lost);
        let password = self.passwords[self.replicas[n].password].as_str().into();
        let new = format!("password number {} of this vault", self.passwords.len());
        let command = Command::RemoveDevice { device, password, new_password: Some(new.as_str().into()) };
        let (_, failure) = self.send(n, command);
        assert_eq!(failure, None, "device {n} removes device {lost}");
        self.passwords.push(new);
        self.replicas[n].password = self.passwords.len() - 1;
        self.sync_well(n);
    }

    /// Another password, made by a device that nobody has copied: it takes a fresh key, which its copies would not have.
    fn new_password(&mut self) {
        let alone: Vec<usize> = self.living().into_iter().filter(|n| !self.replicas[*n].has_twin).collect();
        if alone.is_empty() {
            return;
        }
        let n = alone[self.rng.below(alone.len())];
        self.sync_well(n);
        self.be_open(n);
        self.copies.retain(|copy| copy.n != n);
        let current = self.passwords[self.replicas[n].password].as_str().into();
        let new = format!("password number {} of this vault", self.passwords.len());
        let command = Command::ChangePassword { current, new: new.as_str().into() };
        self.passwords.push(new);
        if self.rng.one_in(3) {
            self.die_of(n, command);
        } else {
            let (_, failure) = self.send(n, command);
            assert_eq!(failure, None, "step {}: device {n} changes the password", self.step);
            self.replicas[n].password = self.passwords.len() - 1;
        }
        self.be_open(n);
        self.sync_well(n);
    }

    fn clone_device(&mut self) {
        let n = self.any_device();
        self.be_open(n);
        self.send(n, Command::Lock);
        let folder = self.world.copy_folder(n);
        self.world.start_copy(n, folder);
        let twin = Replica { has_twin: true, copy_of: Some(n), ..self.replicas[n].clone() };
        self.replicas[n].has_twin = true;
        self.replicas.push(twin);
        self.model.add_device(Some(n));
        self.model.is_copied(n);
        self.model.is_copied(self.replicas.len() - 1);
        self.set_clocks();
    }

    fn copy_folder(&mut self) {
        let n = self.any_device();
        self.be_open(n);
        self.send(n, Command::Lock);
        let (folder, known) = (self.world.copy_folder(n), self.model.known(n).clone());
        self.copies.push(FolderCopy { n, folder, known, password: self.replicas[n].password });
    }

    /// What only that disk had would be lost with it: so the server has all of it first.
    fn put_back(&mut self) {
        let Some(FolderCopy { n, folder, known, password }) = self.copies.pop() else { return };
        if self.replicas[n].is_out {
            return;
        }
        self.sync_well(n);
        self.send(n, Command::Lock);
        self.world.put_folder_back(n, folder);
        self.replicas[n].password = password;
        self.model.set_known(n, known);
        self.editors.retain(|(of, ..)| *of != n);
        self.model.is_copied(n);
        self.set_clocks();
    }
}

fn compared(events: &[Event]) -> Option<String> {
    events.iter().find_map(|event| match event {
        Event::Pairing(_, PairingStep::Compare { code, .. }) => Some(code.clone()),
        _ => None,
    })
}
