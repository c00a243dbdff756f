//! A fresh PHP process that makes one payment and ends, through the package: token and payment on one connection, the journal in
//! memory, the bundled authorities. Beside it PHP with an empty script, and PHP that makes the same two POSTs with ext-curl.
//!
//! From before the start of the process to after its end, so with starting PHP, loading the library, reading the key, the
//! handshake and the RSA signature.

#[path = "support/programs.rs"]
mod programs;
#[path = "support/rounds.rs"]
mod rounds;
#[path = "support/server.rs"]
mod server;

use std::env;
use std::fs;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

use bayar_sandbox::{TEST_CLIENT_ID, TEST_CLIENT_SECRET};
use programs::{Problem, Workshop, numbers, printed, run, start, stay_on_one_core};
use rounds::{Round, ours, ratio, theirs, wanted};
use server::{Scheme, Server};

const ROUNDS: usize = 51;

fn main() -> Result<(), Problem> {
    if !wanted() {
        return Ok(());
    }
    let rounds = match env::var("BAYAR_BENCH_ROUNDS") {
        Ok(text) => text.parse()?,
        Err(_) => ROUNDS,
    };
    let workshop = Workshop::new("bench-php-fresh")?;
    let in_turn = workshop.program("in_turn", &["in_turn.c"], &[])?;
    let php = php()?;
    let out = &mut stdout().lock();
    writeln!(out, "Medians of {rounds} rounds in turn (least to most). Ratios are within a round.")?;
    for one_core in [false, true] {
        if one_core && !stay_on_one_core() {
            writeln!(out, "\nThere is no taskset here: not measured on one core.")?;
            break;
        }
        let where_ = if one_core { "client and server on one core" } else { "as the system places client and server" };
        let server = Server::start(Scheme::Https)?;
        let scripts = Scripts::write(&workshop, &server)?;
        // Each once before, to see that it works.
        for script in [&scripts.bare, &scripts.bayar, &scripts.curl] {
            run(start(&php).arg(script))?;
        }
        server.take_seen();
        for (name, other) in [("an empty script", &scripts.bare), ("ext-curl", &scripts.curl)] {
            let mut command = start(&in_turn);
            command.arg(rounds.to_string()).arg(&php).arg(&scripts.bayar).arg("--").arg(&php).arg(other);
            let figures: Result<Vec<[f64; 6]>, Problem> = printed(&mut command)?.lines().map(numbers).collect();
            show(out, &figures?, &format!("beside {name}, {where_}"), name)?;
        }
        let seen = server.take_seen().connections;
        let ours = seen.iter().filter(|connection| connection.payments == 1).count();
        // Ours pays on the connection of its token; ext-curl's second connection is one with a payment as well.
        if ours != 3 * (1 + rounds) {
            return Err(format!("There were {ours} connections with a payment.").into());
        }
    }
    Ok(())
}

fn php() -> Result<PathBuf, Problem> {
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path).map(|folder| folder.join("php")).find(|program| program.exists());
    found.ok_or_else(|| "PHP with ext-ffi and ext-curl is needed (Debian: php-cli, php-curl).".into())
}

struct Scripts {
    bare: PathBuf,
    bayar: PathBuf,
    curl: PathBuf,
}

impl Scripts {
    fn write(workshop: &Workshop, server: &Server) -> Result<Self, Problem> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let (ca, key) = workshop.credentials(server)?;
        let settings = [
            ("environment", "sandbox".to_owned()),
            ("client_id", TEST_CLIENT_ID.to_owned()),
            ("client_secret", TEST_CLIENT_SECRET.to_owned()),
            ("private_key_file", key.display().to_string()),
            ("ca_file", ca.display().to_string()),
            ("tls_roots", "bundled".to_owned()),
            ("base_url", server.base_url.clone()),
        ];
        let list: String = settings.iter().map(|(name, value)| format!("    '{name}' => '{value}',\n")).collect();
        let head = format!("<?php\nconst SETTINGS = [\n{list}];\n");
        let write = |name: &str, code: String| -> Result<PathBuf, Problem> {
            let path = workshop.place.join(name);
            fs::write(&path, code)?;
            Ok(path)
        };
        let page = fs::read_to_string(root.join("tests/php/pages/curl.php"))?;
        Ok(Self {
            bare: write("bare.php", "<?php\n".to_owned())?,
            bayar: write(
                "bayar.php",
                format!(
                    "{head}const BAYAR_LIBRARY = '{}';\nrequire '{}';\n$client = Bayar\\Client::fromSettings(SETTINGS);\n\
                     $payment = $client->pay(['reference' => 'INV-' . getmypid(), 'amount' => '10000.00', 'title' => 'Shoes',\n    \
                     'returnUrl' => 'https://shop.example/thanks']);\n$payment->redirectUrl() !== null or exit(1);\n",
                    workshop.place.join("libbayar.so").display(),
                    root.join("bindings/php/tests/bootstrap.php").display()
                ),
            )?,
            curl: write(
                "curl.php",
                format!("{head}{page}\nisset(json_decode(pay('INV-' . getmypid()))->webRedirectUrl) or exit(1);\n"),
            )?,
        })
    }
}

fn show(out: &mut impl Write, figures: &[[f64; 6]], how: &str, other: &str) -> Result<(), Problem> {
    writeln!(out, "\n{how}:")?;
    writeln!(out, "                  {:<22} bayar                  {other}", "ratio")?;
    let mut line = |name: &str, digits: usize, pick: fn(&[f64; 6]) -> Round| {
        let rounds: Vec<Round> = figures.iter().map(pick).collect();
        let [ours, theirs] = [ours(&rounds), theirs(&rounds)].map(|spread| format!("{spread:.digits$}"));
        writeln!(out, "{name:<17} {:<22} {ours:<22} {theirs}", format!("{:.2}", ratio(&rounds)))
    };
    line("time, ms", 2, |&[ours, theirs, ..]| Round { ours: ours / 1e3, theirs: theirs / 1e3 })?;
    line("processor, ms", 2, |&[_, _, ours, theirs, ..]| Round { ours: ours / 1e3, theirs: theirs / 1e3 })?;
    line("most memory, MiB", 1, |&[_, _, _, _, ours, theirs]| Round { ours: ours / 1024.0, theirs: theirs / 1024.0 })?;
    Ok(())
}
