"""Installs a program's kernel into a folder of its own, where this process's Jupyter finds it; what a check asks of its process."""
import atexit
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def resident_mib(process):
    """Of a process, by its number."""
    with open(f"/proc/{process}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024


def install(arguments):
    """Takes [PROGRAM] (default: the release build of this checkout); gives what `kernel install` printed."""
    program = os.path.abspath(arguments[0] if arguments else os.path.join(ROOT, ".build", "release", "fluxbridge"))
    if not os.access(program, os.X_OK):
        sys.exit(f"no program at {program}; build it first: swift build -c release --product fluxbridge")
    folder = tempfile.mkdtemp(prefix="fluxbridge-kernel-")
    atexit.register(shutil.rmtree, folder, True)
    os.environ["JUPYTER_PATH"] = os.path.join(folder, "share", "jupyter")
    os.environ["FLUXBRIDGE_HISTORY"] = os.path.join(folder, "history")
    os.environ["XDG_CONFIG_HOME"] = folder
    done = subprocess.run([program, "kernel", "install", "--prefix", folder], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        sys.exit(f"kernel install failed:\n{done.stdout}{done.stderr}")
    return done.stdout
