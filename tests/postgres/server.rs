//! The real PostgreSQL, for tests: a cluster of its own in a folder of its own, on a free port of this machine and a socket.
//! It is gone when the test process is, however that ends.
//!
//! Debian's packages bring it (see tests/install.sh). The server does not run as root: then it is Debian's user postgres.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// The superuser. What is special in an address is in the password.
pub(crate) const USER: &str = "admin";
pub(crate) const PASSWORD: &str = "raha/sia@1?";
const PASSWORD_IN_URL: &str = "raha%2Fsia%401%3F";

pub(crate) struct Server {
    folder: PathBuf,
    port: u16,
    /// Ends the server and removes the folder when this process is no more: its input ends then.
    _undertaker: Child,
}

impl Server {
    /// One for all tests of this process that do it no harm.
    pub(crate) fn shared() -> &'static Server {
        static SHARED: OnceLock<Server> = OnceLock::new();
        SHARED.get_or_init(|| Server::start(""))
    }

    /// One for a test alone; `settings` go into its postgresql.conf.
    pub(crate) fn start(settings: &str) -> Server {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::SeqCst);
        // Not below the repository: the path of a socket is short, and another user has to reach it.
        let folder = std::env::temp_dir().join(format!("bayar-pg-{}-{count}", std::process::id()));
        std::fs::create_dir(&folder).unwrap();
        let port = free_port();
        std::fs::write(folder.join("password"), PASSWORD).unwrap();
        if is_root() {
            succeed(Command::new("chown").args(["-R", "postgres"]).arg(&folder));
        }
        let server = Server { _undertaker: undertaker(&folder), folder, port };
        succeed(
            server
                .program("initdb")
                .arg("-D")
                .arg(server.data())
                .args(["-U", USER, "-A", "scram-sha-256", "-E", "UTF8", "--no-sync"])
                // Not in the order of bytes, so that a test notices who relies on that.
                .args(["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US"])
                .arg("--pwfile")
                .arg(server.folder.join("password")),
        );
        server.configure(&format!(
            "port = {port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '{}'\nshared_buffers = 16MB\n\
             max_connections = 60\nlc_messages = 'C'\n{settings}\n",
            server.folder.display()
        ));
        server.go_on();
        server
    }

    /// Adds to its settings.
    pub(crate) fn configure(&self, settings: &str) {
        let path = self.data().join("postgresql.conf");
        let known = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, known + "\n" + settings + "\n").unwrap();
    }

    /// Puts a file into its folder, for it alone.
    pub(crate) fn file(&self, name: &str, contents: &str) -> PathBuf {
        let path = self.folder.join(name);
        std::fs::write(&path, contents).unwrap();
        succeed(Command::new("chmod").arg("600").arg(&path));
        if is_root() {
            succeed(Command::new("chown").arg("postgres").arg(&path));
        }
        path
    }

    /// Starts it again, and waits until it takes connections.
    pub(crate) fn go_on(&self) {
        let log = self.folder.join("log");
        succeed(
            self.program("pg_ctl").arg("-D").arg(self.data()).arg("-l").arg(log).args(["-w", "-t", "120", "start"]),
        );
    }

    /// As a power cut does.
    pub(crate) fn kill(&self) {
        succeed(self.program("pg_ctl").arg("-D").arg(self.data()).args(["-m", "immediate", "-w", "stop"]));
    }

    /// Stops it and all its processes in the middle of whatever they do.
    pub(crate) fn freeze(&self) {
        self.signal("-STOP");
    }

    pub(crate) fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let file = std::fs::read_to_string(self.data().join("postmaster.pid")).unwrap();
        let main = file.lines().next().unwrap().to_owned();
        let mut kill = Command::new("kill");
        kill.args([signal, &main]);
        let children = succeed(Command::new("ps").args(["--ppid", &main, "-o", "pid="]));
        kill.args(String::from_utf8(children.stdout).unwrap().split_whitespace());
        succeed(&mut kill);
    }

    /// The address of a database, for its owner.
    pub(crate) fn url(&self, database: &str) -> String {
        self.url_of(&format!("{USER}:{PASSWORD_IN_URL}"), database)
    }

    pub(crate) fn url_of(&self, user: &str, database: &str) -> String {
        format!("postgres://{user}@127.0.0.1:{}/{database}", self.port)
    }

    /// The same by the socket.
    pub(crate) fn socket_url(&self, database: &str) -> String {
        let folder = self.folder.to_str().unwrap().replace('/', "%2F");
        format!("postgres://{USER}:{PASSWORD_IN_URL}@{folder}:{}/{database}", self.port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Makes an empty database, and tells its name.
    pub(crate) fn database(&self) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("bayar{}", COUNT.fetch_add(1, Ordering::SeqCst));
        self.sql("postgres", &format!("CREATE DATABASE {name}"));
        name
    }

    /// What a statement says, as `psql` does it for the superuser.
    pub(crate) fn sql(&self, database: &str, statement: &str) -> String {
        let mut psql = Command::new(binaries().join("psql"));
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-U", USER]);
        psql.args(["-p", &self.port.to_string(), "-d", database, "-c", statement]).env("PGPASSWORD", PASSWORD);
        String::from_utf8(succeed(&mut psql).stdout).unwrap().trim().to_owned()
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn program(&self, name: &str) -> Command {
        let program = binaries().join(name);
        let mut command = match is_root() {
            true => {
                let mut command = Command::new("setpriv");
                command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
                command
            }
            false => Command::new(program),
        };
        command.current_dir(&self.folder).env("LC_ALL", "C.UTF-8");
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self._undertaker.stdin.take());
        let _ = self._undertaker.wait();
    }
}

/// A program that waits for the end of its input, in a process group of its own.
fn undertaker(folder: &Path) -> Child {
    let script = "cat; pid=$(head -n 1 data/postmaster.pid 2>/dev/null) && kill -CONT $pid && \
                  for all in $(ps --ppid $pid -o pid=); do kill -CONT $all; done; \
                  [ -z \"$pid\" ] || { kill -QUIT $pid; while kill -0 $pid; do sleep 0.05; done; }; rm -rf \"$PWD\"";
    let mut command = Command::new("sh");
    command.args(["-c", script]).current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn().unwrap()
}

/// Debian keeps them out of the path, in a folder for each version.
fn binaries() -> &'static Path {
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    FOUND.get_or_init(|| {
        let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
        let mut folders: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
        folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
        let found = folders.into_iter().find(|folder| folder.join("initdb").exists());
        found.unwrap_or_else(|| panic!("PostgreSQL is needed for these tests: tests/install.sh installs it"))
    })
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn is_root() -> bool {
    static ROOT: OnceLock<bool> = OnceLock::new();
    *ROOT.get_or_init(|| succeed(Command::new("id").arg("-u")).stdout.trim_ascii() == b"0")
}

fn succeed(command: &mut Command) -> Output {
    // What goes on behind the command's back must not hold our own output open.
    let output = command.stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (said, why) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {said}{why}");
    output
}
