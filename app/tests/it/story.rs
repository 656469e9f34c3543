//! The whole life of a vault by command line.

use serde_json::{Value, json};

use crate::support::{Bench, PASSWORD, noise};

/// One item of each kind, with a field each kind has.
const KINDS: [(&str, &str, &str); 13] = [
    ("credential", "username", "mara"),
    ("note", "body", "remember the milk"),
    ("bank", "iban", "DE89370400440532013000"),
    ("card", "cardholder", "Mara Lind"),
    ("crypto", "notes", "cold"),
    ("identity", "notes", "passport"),
    ("document", "notes", "lease"),
    ("insurance", "notes", "car"),
    ("key", "notes", "deploy"),
    ("wifi", "notes", "home"),
    ("licence", "notes", "editor"),
    ("totp", "notes", "codes"),
    ("custom", "notes", "anything"),
];

fn titles(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|row| row["title"].as_str().unwrap()).collect()
}

fn field<'a>(item: &'a Value, id: &str) -> &'a Value {
    item["fields"].as_array().unwrap().iter().find(|field| field["id"] == id).unwrap_or_else(|| panic!("no {id} in {item}"))
}

#[test]
fn every_kind_can_be_added_listed_and_read() {
    let bench = Bench::with_vault();
    for (kind, field_id, value) in KINDS {
        let title = format!("My {kind}");
        let row = bench.json(&["add", kind, &title, "-f", &format!("{field_id}={value}"), "--tag", "all"], &[PASSWORD]);
        assert_eq!(row["title"], title);
        let item = bench.json(&["get", &title], &[PASSWORD]);
        assert_eq!(item["kind"], kind);
        assert_eq!(field(&item, field_id)["value"], value, "{kind}");
        for field in item["fields"].as_array().unwrap() {
            let label = field["label"].as_str().unwrap();
            assert!(!label.is_empty() && label != field["id"], "{kind}: a person calls {} something else", field["id"]);
        }
    }
    let list = bench.json(&["list", "--sort", "kind"], &[PASSWORD]);
    assert_eq!(list.as_array().unwrap().len(), KINDS.len());
    assert_eq!(titles(&bench.json(&["list", "--kind", "bank"], &[PASSWORD])), ["My bank"]);
    assert_eq!(bench.json(&["list", "--tag", "all"], &[PASSWORD]).as_array().unwrap().len(), KINDS.len());
    assert!(bench.text(&["list"], &[PASSWORD]).contains("My wifi"));
}

#[test]
fn an_item_is_edited_searched_trashed_restored_and_purged() {
    let bench = Bench::with_vault();
    bench.json(&["add", "credential", "Ügyfél portal", "-f", "username=mara", "--secret", "password"], &[PASSWORD, "s3cret one"]);
    bench.json(&["add", "note", "Other"], &[PASSWORD]);
    let edited = bench.json(
        &[
            "edit",
            "ügyfél portal",
            "--title",
            "Portal",
            "-f",
            "url=https://portal.example",
            "--folder",
            "Work",
            "--favourite",
            "--secret",
            "password",
        ],
        &[PASSWORD, "s3cret two"],
    );
    assert_eq!(
        (edited["title"].as_str(), edited["folder"].as_str(), edited["favourite"].as_bool()),
        (Some("Portal"), Some("Work"), Some(true))
    );
    assert_eq!(bench.text(&["get", "Portal", "--value", "password"], &[PASSWORD]), "s3cret two\n");
    assert_eq!(bench.text(&["get", "Portal", "--value", "username"], &[PASSWORD]), "mara\n", "what was not named stays");
    assert_eq!(titles(&bench.json(&["search", "portal"], &[PASSWORD])), ["Portal"]);
    assert_eq!(titles(&bench.json(&["list", "--favourites"], &[PASSWORD])), ["Portal"]);
    let history = bench.json(&["history", "Portal", "password"], &[PASSWORD]);
    assert_eq!(history.as_array().unwrap().len(), 2);

    assert_eq!(bench.json(&["trash", "Portal"], &[PASSWORD]), json!({ "trashed": 1 }));
    assert_eq!(titles(&bench.json(&["list"], &[PASSWORD])), ["Other"]);
    assert_eq!(bench.json(&["trash", "Portal", "--restore"], &[PASSWORD]), json!({ "restored": 1 }));
    bench.fails(&["purge", "Portal"], &[PASSWORD], 1);
    bench.json(&["trash", "Portal"], &[PASSWORD]);
    assert_eq!(bench.json(&["purge", "Portal"], &[PASSWORD]), json!({ "purged": 1 }));
    bench.fails(&["get", "Portal"], &[PASSWORD], 5);
}

#[test]
fn items_come_from_json_on_standard_input() {
    let bench = Bench::with_vault();
    let input = r#"{"tags":["a","b"],"fields":{"username":"mara","password":"p"},"custom":[{"label":"Office PIN","type":"secret","value":"1234"}]}"#;
    bench.json(&["add", "credential", "Portal", "--input", "-"], &[PASSWORD, input]);
    assert_eq!(bench.text(&["get", "Portal", "--value", "office pin"], &[PASSWORD]), "1234\n");
    let item = bench.json(&["get", "Portal", "--reveal-all"], &[PASSWORD]);
    assert_eq!((&item["tags"], &field(&item, "password")["value"]), (&json!(["a", "b"]), &json!("p")));
}

#[test]
fn five_megabytes_go_in_and_come_out_as_they_were() {
    let bench = Bench::with_vault();
    bench.json(&["add", "document", "Lease"], &[PASSWORD]);
    let content = noise(5 << 20);
    std::fs::write(bench.path("scan.bin"), &content).unwrap();
    let scan = bench.path("scan.bin");
    let attached = bench.json(&["attach", "Lease", scan.to_str().unwrap()], &[PASSWORD]);
    assert_eq!((&attached[0]["name"], &attached[0]["size"]), (&json!("scan.bin"), &json!(5 << 20)));

    let out = bench.path("out.bin");
    let extract = ["extract", "Lease", "scan.bin", "-o", out.to_str().unwrap()];
    bench.json(&extract, &[PASSWORD]);
    assert_eq!(std::fs::read(&out).unwrap(), content);
    let sentence = bench.fails(&extract, &[PASSWORD], 7);
    assert!(sentence.contains("--force"), "{sentence}");
    bench.json(&[&extract[..], &["--force"]].concat(), &[PASSWORD]);
    bench.json(&["detach", "Lease", "scan.bin"], &[PASSWORD]);
    bench.fails(&extract, &[PASSWORD], 5);
}

#[test]
fn a_backup_is_tested_and_restored_elsewhere_by_its_passphrase() {
    const PASSPHRASE: &str = "velvet otter lantern copper museum river";
    let bench = Bench::with_vault();
    bench.json(&["generate-vault", "--items", "30", "--seed", "7"], &[PASSWORD]);
    bench.json(&["add", "credential", "Portal", "--secret", "password"], &[PASSWORD, "hidden value"]);
    let content = noise(300_000);
    std::fs::write(bench.path("file.bin"), &content).unwrap();
    bench.json(&["attach", "Portal", bench.path("file.bin").to_str().unwrap()], &[PASSWORD]);
    let file = bench.path("vault.nt2backup");
    let file = file.to_str().unwrap();
    let report = bench.json(&["backup", file], &[PASSWORD, PASSPHRASE]);
    assert_eq!((&report["items"], &report["attachments"]), (&json!(31), &json!(1)));
    let drill = bench.json(&["check", "--backup", file], &[PASSWORD, PASSPHRASE]);
    assert_eq!((&drill["items"], &drill["damaged"]), (&json!(31), &json!([])));

    let elsewhere = Bench::new();
    elsewhere.fails(&["restore", file], &["not the passphrase at all", "another long master password"], 4);
    assert_eq!(elsewhere.json(&["vaults"], &[]), json!([]), "a failed restore leaves nothing");
    let restored = elsewhere.json(&["restore", file, "--name", "Back"], &[PASSPHRASE, "another long master password"]);
    assert_eq!((&restored["added"], &restored["attachments"]), (&json!(31), &json!(1)));
    let lines = ["another long master password"];
    assert_eq!(elsewhere.text(&["get", "Portal", "--value", "password"], &lines), "hidden value\n");
    let out = elsewhere.path("out.bin");
    elsewhere.json(&["extract", "Portal", "-o", out.to_str().unwrap()], &lines);
    assert_eq!(std::fs::read(out).unwrap(), content);
    let check = elsewhere.json(&["check"], &lines);
    assert_eq!((&check["items"], &check["problems"]), (&json!(31), &json!([])));
}

#[test]
fn a_kit_is_saved_checked_and_sets_a_forgotten_password() {
    const NEW: &str = "a wholly new master password";
    let bench = Bench::with_vault();
    bench.json(&["add", "note", "Kept"], &[PASSWORD]);
    let kit = bench.path("kit.nt2recovery");
    let kit = kit.to_str().unwrap();
    bench.json(&["kit", "save", kit], &[PASSWORD, "kit passphrase of its own"]);
    assert_eq!(bench.json(&["kit", "check", kit], &[PASSWORD, "kit passphrase of its own"]), json!({ "verdict": "good" }));
    bench.json(&["kit", "use", kit, "--with", "device"], &[NEW, "kit passphrase of its own"]);
    bench.fails(&["list"], &[PASSWORD], 4);
    assert_eq!(titles(&bench.json(&["list"], &[NEW])), ["Kept"]);
}

#[test]
fn the_password_changes_and_the_old_one_no_longer_opens() {
    const NEW: &str = "a wholly new master password";
    let bench = Bench::with_vault();
    bench.json(&["password"], &[PASSWORD, NEW]);
    bench.fails(&["list"], &[PASSWORD], 4);
    bench.json(&["list"], &[NEW]);
}

#[test]
fn a_vault_without_a_password_opens_with_this_device_alone() {
    let bench = Bench::new();
    bench.json(&["create", "Quick", "--no-password"], &[]);
    bench.json(&["add", "note", "First"], &[]);
    bench.json(&["password"], &[PASSWORD]);
    assert_eq!(titles(&bench.json(&["list"], &[PASSWORD])), ["First"]);
}

#[test]
fn several_vaults_are_told_apart_by_name_and_by_id() {
    let bench = Bench::with_vault();
    let second = bench.json(&["create", "Work"], &[PASSWORD]);
    let sentence = bench.fails(&["list"], &[PASSWORD], 2);
    assert!(sentence.contains("--vault"), "{sentence}");
    bench.json(&["--vault", "Work", "add", "note", "Minutes"], &[PASSWORD]);
    let id = &second["id"].as_str().unwrap()[..12];
    assert_eq!(titles(&bench.json(&["--vault", id, "list"], &[PASSWORD])), ["Minutes"]);
    bench.json(&["--vault", "Work", "vaults", "rename", "Office"], &[]);
    bench.fails(&["--vault", "Office", "vaults", "delete"], &[PASSWORD], 2);
    let left = bench.json(&["--vault", "Office", "vaults", "delete", "--yes"], &[PASSWORD]);
    assert_eq!(left.as_array().unwrap().len(), 1);
}

#[test]
fn a_code_is_the_one_of_rfc_6238() {
    let bench = Bench::with_vault();
    // The key of RFC 6238, appendix B, in Base32.
    bench.json(&["add", "totp", "Codes", "--secret", "totp"], &[PASSWORD, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"]);
    let code = bench.json(&["totp", "Codes"], &[PASSWORD]);
    assert_eq!(code["period_secs"], 30);
    let digits = code["code"].as_str().unwrap();
    assert!(digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_digit()), "{code}");
}

#[test]
fn what_is_generated_is_as_asked() {
    let bench = Bench::new();
    assert_eq!(bench.text(&["generate", "--length", "32"], &[]).trim_end().chars().count(), 32);
    let plain = bench.text(&["generate", "--length", "64", "--no-symbols"], &[]);
    assert!(plain.trim_end().chars().all(|c| c.is_ascii_alphanumeric()), "{plain}");
    assert_eq!(bench.text(&["generate", "--words", "6", "--separator", " "], &[]).split_whitespace().count(), 6);
    assert_ne!(bench.text(&["generate"], &[]), bench.text(&["generate"], &[]));
    bench.fails(&["generate", "--length", "1"], &[], 2);
}
