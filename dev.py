#!/usr/bin/env python3
"""Everything one types to try, test and check Ogniwo. Needs Python 3.11 and nothing else: the rest is installed.

The virtual environment lives in .venv, the demo's data in var/demo; both can be deleted at any time.
"""

import argparse
import fcntl
import hashlib
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = VENV / "bin" / "python"
VAR = Path(os.environ.get("VAR_DIR", HERE / "var")).absolute()
DEMO = VAR / "demo"
ROOM_FOR_TESTS = 4 * 2**30
CENTRES = ("ruda-slaska", "elblag", "klucze")
# What a developer's shell or a .env file holds must not decide what the demo and the tests do.
OURS = (
    "DATABASE_URL", "REDIS_URL", "DEBUG", "EMAIL_URL", "SCHEME", "BEHIND_PROXY", "SOCKET_ORIGINS", "SECRET_KEY",
    "OGNIWO_DEMO", "OGNIWO_SOCKETS_ONLY", "ALLOWED_HOSTS", "DJANGO_SETTINGS_MODULE", "CONN_MAX_AGE",
)  # fmt: skip


# --- The virtual environment ------------------------------------------------------------------------------------------


def environment(**values):
    """The caller's environment without what would change the meaning of a run, and with `values`."""
    clean = {name: value for name, value in os.environ.items() if name not in OURS}
    return {**clean, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1", "ENV_FILE": "", **values}


def run(*command, **options):
    """Runs a program in the project's directory; returns its exit code."""
    return subprocess.run([str(part) for part in command], cwd=HERE, check=False, **options).returncode


def make_venv():
    """An empty virtual environment. Ends the program with the name of the missing package where Python has no venv."""
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        sys.exit("This Python cannot make virtual environments.\nOn Debian and Ubuntu: apt install python3-venv")
    shutil.rmtree(VENV, ignore_errors=True)
    # Without pip, which takes longer to install than all of our packages by uv.
    if run(sys.executable, "-m", "venv", "--without-pip", VENV):
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit("The virtual environment could not be made.\nOn Debian and Ubuntu: apt install python3-venv")


def install(requirements):
    """Installs exactly what the hashed list names, by uv, or by pip where uv cannot. No work when nothing changed."""
    stamp = VENV / f".{requirements}"
    wanted = hashlib.sha256((HERE / requirements).read_bytes()).hexdigest()
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    if not PYTHON.exists():
        make_venv()
    print("Installing packages …", flush=True)
    uv = VENV / "bin" / "uv"
    if not uv.exists():
        pip_install("requirements-uv.txt", "--no-compile")
    target = ["--python", PYTHON, "--require-hashes", "-r", requirements]
    if (not uv.exists() or run(uv, "pip", "install", "--quiet", *target)) and pip_install(requirements):
        sys.exit("The packages could not be installed.")
    stamp.write_text(wanted)


def pip_install(requirements, *options):
    """Installs by the pip that comes with Python: run out of its wheel, or installed first where that does not work."""
    words = ["--disable-pip-version-check", "install", "--quiet", "--no-input", "--require-hashes", *options]
    wheel = bundled_pip()
    if wheel is not None and run(PYTHON, wheel, *words, "-r", requirements) == 0:
        return 0
    if run(PYTHON, "-c", "import pip", stderr=subprocess.DEVNULL):
        run(PYTHON, "-m", "ensurepip")
    return run(PYTHON, "-m", "pip", *words, "-r", requirements)


def bundled_pip():
    """What Python runs as pip out of the wheel that came with it; None without such a wheel."""
    places = [Path(importlib.util.find_spec("ensurepip").origin).parent / "_bundled"]
    if kept := sysconfig.get_config_var("WHEEL_PKG_DIR"):
        places.append(Path(kept))
    wheels = [wheel for place in places for wheel in sorted(place.glob("pip-*.whl"))]
    return wheels[-1] / "pip" if wheels else None


def install_runtime():
    """What the site needs to run. The developer's environment holds all of it already."""
    developer = VENV / ".requirements-dev.txt"
    current = hashlib.sha256((HERE / "requirements-dev.txt").read_bytes()).hexdigest()
    if not (PYTHON.exists() and developer.exists() and developer.read_text() == current):
        install("requirements.txt")


# --- The demo ---------------------------------------------------------------------------------------------------------


def secret_key():
    """The demo's key, made once and readable by its owner only."""
    path = VAR / "secret-key"
    if not path.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text()


def demo_environment(directory=DEMO):
    return environment(
        OGNIWO_DEMO="1",
        ALLOWED_HOSTS="localhost,.localhost",
        SECRET_KEY=secret_key(),
        VAR_DIR=str(directory),
        LOG_LEVEL="WARNING",
    )


def free_port(wanted=8000):
    """`wanted`, or another port of the loopback that nobody listens on."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    sys.exit("No free port was found on 127.0.0.1.")


def demo_fingerprint(port):
    """Changes with whatever the demo's database and catalogues are made from."""
    digest = hashlib.sha256(str(port).encode())
    sources = [*HERE.glob("*/migrations/*.py"), *HERE.glob("config/locale/**/*.po"), *HERE.glob("config/demo/**/*.*")]
    for path in sorted([*sources, HERE / "requirements.txt"]):
        if path.suffix != ".pyc":
            digest.update(path.relative_to(HERE).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def prepare_demo(port):
    """Migrates and seeds the demo's data, once. The first time in a draft directory: a stopped start leaves no half."""
    stamp = DEMO / "prepared"
    wanted = demo_fingerprint(port)
    compiled = all(path.with_suffix(".mo").exists() for path in HERE.glob("config/locale/**/*.po"))
    if compiled and stamp.exists() and stamp.read_text() == wanted:
        return
    directory = DEMO
    if not stamp.exists():
        print("Making the demo's data; the first time takes about a minute …", flush=True)
        directory = DEMO.with_name("demo.draft")
        shutil.rmtree(directory, ignore_errors=True)
        shutil.rmtree(DEMO, ignore_errors=True)
        directory.mkdir(parents=True)
    if run(PYTHON, "manage.py", "prepare_demo", "--port", port, env=demo_environment(directory)):
        sys.exit("The demo's data could not be made. `python3 dev.py reset` starts it from nothing.")
    (directory / "prepared").write_text(wanted)
    if directory != DEMO:
        directory.rename(DEMO)


def only_demo():
    """Holds the demo's data for this process: a second one would move the ports of the first one's links."""
    VAR.mkdir(parents=True, exist_ok=True)
    lock = (VAR / "demo.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        sys.exit("The demo is running already. VAR_DIR=… python3 dev.py demo starts another one with data of its own.")
    return lock


def daphne(port):
    """Everything in one process, in a group of its own: Ctrl-C reaches only us, and we end it in order."""
    address = f"tcp:port={port}:interface=127.0.0.1:backlog=1024"
    sizes = ["--websocket-max-message-size", "4096", "--websocket-max-frame-size", "4096"]
    times = ["--ping-interval", "10", "--ping-timeout", "15", "--application-close-timeout", "5"]
    command = [PYTHON, "-m", "daphne", "-v", "0", "-e", address, "--no-server-name", *sizes, *times]
    return subprocess.Popen(
        [*map(str, command), "config.asgi:application"], cwd=HERE, env=demo_environment(), start_new_session=True
    )


def answers(port):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": f"localhost:{port}"})
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def stop(server):
    """Asks the server's process group to end, and insists after ten seconds."""
    for order, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 5)):
        if server.poll() is not None:
            return
        os.killpg(server.pid, order)
        try:
            server.wait(patience)
        except subprocess.TimeoutExpired:
            continue


def welcome(port):
    print(f"\nThe portal of all centres   http://localhost:{port}/")
    for centre in CENTRES:
        print(f"A centre                    http://{centre}.localhost:{port}/")
    print(f"The parts of the pages      http://ruda-slaska.localhost:{port}/styl/\n")
    print("Sign in with one click („Zaloguj się”): a resident, a volunteer, an organiser, an editor, an observer.")
    print("Letters are not sent; they appear below. Ctrl-C ends the demo.\n", flush=True)


def demo(arguments):
    """Installs, prepares and serves the demo on 127.0.0.1 until Ctrl-C."""
    install_runtime()
    alone = only_demo()
    port = free_port(arguments.port)
    prepare_demo(port)
    # Also when started in the background, where Ctrl-C is ignored, and when the terminal is closed.
    for order in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(order, signal.default_int_handler)
    server = daphne(port)
    try:
        while server.poll() is None and not answers(port):
            time.sleep(0.2)
        if server.poll() is None:
            welcome(port)
        return server.wait()
    except KeyboardInterrupt:
        print("\nThe demo has ended.")
        return 0
    finally:
        stop(server)
        alone.close()


def reset(_arguments):
    """Forgets the demo's data; the next demo makes it anew."""
    for directory in (DEMO, DEMO.with_name("demo.draft")):
        shutil.rmtree(directory, ignore_errors=True)
    print("The demo's data is gone.")
    return 0


# --- Tests ------------------------------------------------------------------------------------------------------------


def results(report):
    """Counts of one run of pytest (passed, failed, skipped), and the files with tests that want the real servers."""
    if not report.exists():
        return {"passed": 0, "failed": 1, "skipped": 0}, []
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    files = set()
    for case in ElementTree.parse(report).iter("testcase"):
        failed = case.find("failure") is not None or case.find("error") is not None
        outcome = "failed" if failed else "skipped" if case.find("skipped") is not None else "passed"
        counts[outcome] += 1
        files |= {each.get("value") for each in case.iterfind("properties/property[@name='servers']")}
    return counts, sorted(files)


def scratch():
    """Where a run keeps what it throws away: in memory where there is plenty of it, because tests make hundreds of
    databases of two thousand files each. None for the usual place."""
    memory = Path("/dev/shm")  # noqa: S108 -- only the parent of a directory with a name of its own
    if "TMPDIR" in os.environ or not os.access(memory, os.W_OK):
        return None
    return memory if shutil.disk_usage(memory).free > ROOM_FOR_TESTS else None


def pytest(title, arguments, prefix=(), **values):
    """One run of pytest: its exit code, its counts, and the files with tests that want the real servers."""
    print(f"\n--- {title} ---", flush=True)
    with tempfile.TemporaryDirectory(prefix="ogniwo-tests-", dir=scratch()) as directory:
        Path(directory).chmod(0o711)  # PostgreSQL may run as somebody else
        report = Path(directory, "report.xml")
        command = [PYTHON, *prefix, "-m", "pytest", f"--junit-xml={report}", *arguments]
        code = run(*command, env=environment(TMPDIR=directory, **values))
        return code, *results(report)


def test(arguments):
    """The suite on SQLite, in memory; then the tests that the servers can change on a real PostgreSQL and Redis."""
    install("requirements-dev.txt")
    # More than two cores would do at once: tests also wait, for browsers, servers and each other.
    chosen = arguments.rest or ["-n", str(max(4, os.cpu_count() or 1))]
    given = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}
    code, total, files = pytest("SQLite, channel layer in memory", chosen)
    if files:
        # Without arguments only the files that hold such tests are read again.
        again = arguments.rest or [*chosen, *files]
        prefix = ["-m", "tests.servers", PYTHON]
        second, counts, _ = pytest("PostgreSQL, Redis", again, prefix, OGNIWO_TEST_SERVERS="1", **given)
        total = {name: total[name] + counts[name] for name in total}
        code = code or second
    print(f"\n{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped")
    return code or (1 if total["failed"] else 0)


# --- Checks -----------------------------------------------------------------------------------------------------------


def production_environment():
    """As an installation with PostgreSQL and Redis would be set; nothing of it is reached by the checks."""
    return environment(
        SECRET_KEY=secrets.token_urlsafe(50),
        ALLOWED_HOSTS="ogniwo.example,.ogniwo.example",
        DATABASE_URL="postgres://ogniwo@127.0.0.1/ogniwo",
        REDIS_URL="redis://127.0.0.1:6379/0",
        EMAIL_URL="smtp+tls://ogniwo@mail.example:587",
        BEHIND_PROXY="1",
        SECURE_SSL_REDIRECT="1",
        VAR_DIR=str(VAR),
    )


def checks():
    """Name, command and environment of every check, the cheapest first."""
    tools = VENV / "bin"
    manage = [PYTHON, "manage.py"]
    plain = environment(OGNIWO_DEMO="1", SECRET_KEY="only-for-checks", VAR_DIR=str(VAR))
    return [
        ("format", [tools / "ruff", "format", "--check", "."], plain),
        ("lint", [tools / "ruff", "check", "."], plain),
        ("layers", [tools / "lint-imports"], plain),
        ("templates", [tools / "djlint", "--lint", "--check", *templates()], plain),
        ("types", [tools / "mypy"], plain),
        ("settings of the demo", [*manage, "check", "--fail-level", "WARNING", "--database", "default"], plain),
        ("settings in production", [*manage, "check", "--deploy", "--fail-level", "WARNING"], production_environment()),
        ("migrations", [*manage, "makemigrations", "--check", "--dry-run"], plain),
        ("catalogues", [PYTHON, "-m", "config.catalogues", "current"], plain),
    ]


def templates():
    return sorted(path for path in HERE.glob("*/templates/**/*.html"))


def outcome(check):
    name, command, env = check
    started = time.monotonic()
    done = subprocess.run(
        [str(part) for part in command], cwd=HERE, env=env, check=False, text=True, capture_output=True
    )
    return name, done.returncode, done.stdout + done.stderr, time.monotonic() - started


def check(_arguments):
    """All static checks, two at a time; every failure is shown."""
    install("requirements-dev.txt")
    VAR.mkdir(parents=True, exist_ok=True)
    red = []
    with ThreadPoolExecutor(2) as pool:
        for name, code, output, seconds in pool.map(outcome, checks()):
            print(f"{'FAILED' if code else 'ok':<7} {name:<24} {seconds:5.1f} s", flush=True)
            if code:
                red.append(name)
                print("\n".join(f"    {line}" for line in output.strip().splitlines()), flush=True)
    print(f"Failed: {', '.join(red)}." if red else "All checks passed.")
    return 1 if red else 0


def fmt(_arguments):
    """Formats code and templates."""
    install("requirements-dev.txt")
    tools = VENV / "bin"
    codes = [run(tools / "ruff", "check", "--fix", "--quiet", "."), run(tools / "ruff", "format", ".")]
    # djlint answers 1 when it changed something.
    run(tools / "djlint", "--quiet", "--reformat", *templates())
    return max(codes)


def messages(_arguments):
    """Writes new sentences of the code and the templates into the catalogues, for the translators."""
    install("requirements-dev.txt")
    values = environment(OGNIWO_DEMO="1", SECRET_KEY="only-for-messages")
    return run(PYTHON, "-m", "config.catalogues", "update", env=values)


def lock(arguments):
    """Compiles the lists of packages, with hashes. `lock --upgrade` takes the newest versions they allow."""
    install("requirements-dev.txt")
    options = ["--universal", "--python-version", "3.11", "--generate-hashes", "--quiet"]
    words = ["--custom-compile-command", "python3 dev.py lock", "--no-emit-index-url", "--no-emit-find-links"]
    compile_list = [VENV / "bin" / "uv", "pip", "compile", *options, *words, *arguments.rest]
    return max(
        run(*compile_list, f"{name}.in", "-o", f"{name}.txt", stdout=subprocess.DEVNULL)
        for name in ("requirements", "requirements-prod", "requirements-dev", "requirements-uv")
    )


# --- Benchmarks and chaos ---------------------------------------------------------------------------------------------


def measure(package, arguments):
    """Runs one measurement of a package, or all of them; each prints its figures and fails when one is short."""
    names = sorted(path.stem for path in HERE.glob(f"{package}/*.py") if not path.stem.startswith("_"))
    wanted = names if arguments.name == "all" else [arguments.name]
    if not names:
        print(f"There is none yet in {package}/.")
        return 0
    if arguments.name not in {*names, "all"}:
        print(f"There is: {', '.join(names)}, all.")
        return 2
    install("requirements-dev.txt")
    codes = [run(PYTHON, "-m", f"{package}.{name}", *arguments.rest) for name in wanted]
    return max(codes)


def bench(arguments):
    """Measures one thing, or `all`: lines `RESULT <name> <figure> goal <op> <number> ok|short`."""
    return measure("benchmarks", arguments)


def chaos(arguments):
    """Breaks one thing on purpose, or `all`, and measures what is lost."""
    return measure("chaos", arguments)


def main():
    if sys.version_info < (3, 11):
        sys.exit("Ogniwo needs Python 3.11 or newer; this is {}.{}.".format(*sys.version_info))
    # Otherwise each process of ours compiles Django, Wagtail and all tests anew, which costs it seconds.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    parser = argparse.ArgumentParser(prog="python3 dev.py", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for function in (demo, test, check, fmt, messages, lock, bench, chaos, reset):
        command = commands.add_parser(function.__name__, help=function.__doc__, description=function.__doc__)
        command.set_defaults(function=function)
        if function is demo:
            command.add_argument("--port", type=int, default=8000)
        if function in (bench, chaos):
            command.add_argument("name", nargs="?", default="")
    arguments, arguments_rest = parser.parse_known_args()
    arguments.rest = arguments_rest
    return arguments.function(arguments)


if __name__ == "__main__":
    sys.exit(main())
