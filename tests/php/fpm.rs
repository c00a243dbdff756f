//! PHP-FPM with Debian's own settings and the README's lines, as its unprivileged user, behind nginx.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::http;
use crate::readme;
use crate::shop::{Shop, WEB_USER, is_root};
use crate::tool::{start, succeed};

pub(crate) const WORKERS: usize = 4;

/// How PHP comes to call the C library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The README's lines.
    Preload,
    /// With its one line more, for a library that is installed for the system.
    PreloadWithHeader,
    /// ffi.enable=true, and nothing preloaded.
    Enabled,
    /// Nothing at all: PHP refuses.
    Nothing,
}

pub(crate) struct Server {
    pub(crate) shop: Shop,
    pub(crate) port: u16,
    fpm: Child,
    nginx: Child,
}

impl Server {
    pub(crate) fn start(shop: Shop, mode: Mode) -> Server {
        Self::start_with(shop, mode, str::to_owned)
    }

    /// With a change to the README's lines for nginx.
    pub(crate) fn start_with(shop: Shop, mode: Mode, change: impl Fn(&str) -> String) -> Server {
        shop.page("about", ABOUT);
        let fpm = start_fpm(&shop, mode);
        let (nginx, port) = start_nginx(&shop, change);
        let server = Server { shop, port, fpm, nginx };
        let end = Instant::now() + Duration::from_secs(60);
        while http::get(port, "/about.php").is_none_or(|answer| answer.status == 502) {
            assert!(Instant::now() < end, "the web server does not come up:\n{}", server.logs());
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// The processes that answer requests, and their resident memory in KiB.
    pub(crate) fn workers(&self) -> Vec<(u32, u64)> {
        let listed =
            Command::new("ps").args(["-o", "pid=,rss=", "--ppid"]).arg(self.fpm.id().to_string()).output().unwrap();
        let text = String::from_utf8(listed.stdout).unwrap();
        let numbers = text.lines().map(|line| line.split_whitespace().map(|word| word.parse::<u64>().unwrap()));
        numbers.map(|mut line| (u32::try_from(line.next().unwrap()).unwrap(), line.next().unwrap())).collect()
    }

    /// As `systemctl reload` does it, to its end: another signal on the way would kill PHP-FPM, which then has no hand for it yet.
    pub(crate) fn reload(&self) {
        let ready = || self.read("log/fpm.log").matches("ready to handle connections").count();
        let (before, end) = (ready(), Instant::now() + Duration::from_secs(60));
        kill("USR2", self.fpm.id());
        while ready() == before {
            assert!(Instant::now() < end, "PHP-FPM does not come back:\n{}", self.logs());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The last lines of each.
    pub(crate) fn logs(&self) -> String {
        let last = |name: &str| {
            let text = self.read(name);
            let lines: Vec<&str> = text.lines().collect();
            lines[lines.len().saturating_sub(40)..].join("\n") + "\n"
        };
        last("log/fpm.log") + &last("log/php.log") + &last("log/nginx.log")
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.shop.path(name)).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        for child in [&mut self.nginx, &mut self.fpm] {
            // Both masters take their workers with them at this signal.
            kill("TERM", child.id());
            drop(child.wait());
        }
    }
}

pub(crate) fn kill(signal: &str, process: u32) {
    // One that is gone already is no matter.
    drop(Command::new("kill").arg(format!("-{signal}")).arg(process.to_string()).stderr(Stdio::null()).status());
}

/// What a page can see of the process that it runs in.
const ABOUT: &str = r"
try {
    FFI::cdef('int getpid(void);');
    $ffi = 'allowed';
} catch (Throwable $no) {
    $ffi = 'locked out';
}
header('Content-Type: application/json');
echo json_encode(['pid' => getmypid(), 'environment' => getenv('BAYAR_ENVIRONMENT'), 'other' => getenv('BAYAR_CLIENT_ID'), 'user' => posix_getpwuid(posix_geteuid())['name'], 'ffi' => $ffi]);
";

fn start_fpm(shop: &Shop, mode: Mode) -> Child {
    let mut ini = String::new();
    if mode == Mode::Preload || mode == Mode::PreloadWithHeader {
        ini.push_str(&readme::block("ini", "opcache.preload"));
    }
    if mode == Mode::PreloadWithHeader {
        ini.push_str(&readme::block("ini", "ffi.preload"));
    }
    if mode == Mode::Enabled {
        ini.push_str("ffi.enable=true\n");
    }
    shop.write("etc/conf.d/30-bayar.ini", shop.placed(&ini));
    let user = if is_root() {
        format!("user = {WEB_USER}\ngroup = {WEB_USER}\nlisten.owner = {WEB_USER}\n")
    } else {
        String::new()
    };
    let pool = format!(
        "[global]\nerror_log = {log}/fpm.log\n[www]\n{user}listen = {socket}\npm = static\npm.max_children = {WORKERS}\n\
         catch_workers_output = yes\nphp_admin_value[error_log] = {log}/php.log\nphp_admin_flag[log_errors] = on\n\
         php_admin_value[error_reporting] = -1\n{pool}",
        log = shop.path("log").display(),
        socket = shop.path("fpm.sock").display(),
        pool = readme::block("ini", "env["),
    );
    let config = shop.write("etc/fpm.conf", pool);
    let mut fpm = Command::new(program());
    fpm.arg("--nodaemonize").arg("--fpm-config").arg(config).env_clear();
    // Debian's settings, then ours.
    fpm.env("PHP_INI_SCAN_DIR", format!(":{}", shop.path("etc/conf.d").display()));
    fpm.env("BAYAR_CLIENT_ID", "which FPM clears");
    if mode == Mode::PreloadWithHeader {
        fpm.env("LD_LIBRARY_PATH", shop.path("lib"));
    }
    start(fpm.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()))
}

fn program() -> PathBuf {
    let programs = std::fs::read_dir("/usr/sbin").unwrap().map(|entry| entry.unwrap().path());
    let mut programs: Vec<PathBuf> =
        programs.filter(|path| path.to_string_lossy().starts_with("/usr/sbin/php-fpm")).collect();
    programs.sort();
    programs.pop().unwrap_or_else(|| PathBuf::from("php-fpm"))
}

fn start_nginx(shop: &Shop, change: impl Fn(&str) -> String) -> (Child, u16) {
    let here = |name: &str| shop.path(name).display().to_string();
    succeed(Command::new("ln").args(["-sf", "/etc/nginx/fastcgi_params"]).arg(shop.path("etc/fastcgi_params")));
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|kind| format!("{kind}_temp_path {};\n", here(&format!("log/{kind}"))))
        .collect();
    let user = if is_root() { format!("user {WEB_USER};\n") } else { String::new() };
    let config = format!(
        "daemon off;\n{user}worker_processes 1;\npid {pid};\nerror_log {log};\nevents {{ worker_connections 256; }}\n\
         http {{\naccess_log off;\n{temporary}server {{\nlisten 127.0.0.1:{port};\nroot {root};\n{lines}}}\n}}\n",
        pid = here("nginx.pid"),
        log = here("log/nginx.log"),
        root = here("srv/shop/public"),
        lines = shop.placed(&change(&readme::block("nginx", "fastcgi_pass"))),
    );
    let config = shop.write("etc/nginx.conf", config);
    let mut nginx = Command::new("/usr/sbin/nginx");
    nginx.arg("-c").arg(config).arg("-e").arg(shop.path("log/nginx.log"));
    (start(nginx.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null())), port)
}
