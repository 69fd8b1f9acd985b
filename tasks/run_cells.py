"""Runs cells on the Deno kernel, one after another, and loses none of their outputs.

Reads a JSON object from standard input: "deno" (the executable), "folder" (where the cells run),
"timeout" (seconds for each cell) and "cells" (their sources). Writes lines of JSON to standard
output: {"done"}, the number of cells that have run, after each; last {"results", "broken"}. Results
are {"outputs", "execution_count"}, as a notebook file has them, for every cell up to the first that
failed; "broken" says why a cell did not end. Needs jupyter_client.

The kernel of Deno 2.9 sends outputs from a queue of its own: many arrive after it has called a cell
done, labelled with whatever cell runs by then. The queue keeps the order, however. So outputs belong
to the cell in work whatever their label, and a mark that is printed after every cell tells when the
last of them has come.
"""

import json
import os
import queue
import signal
import sys
import time

from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

PARENT = os.getppid()
START_SECONDS = 60
MARK_SECONDS = 60


class Broken(Exception):
    """A cell that takes too long, or has taken the kernel with it."""


class DenoKernel(KernelSpecManager):
    """The one kernel that there is; nothing is installed for it."""

    executable = "deno"

    def get_kernel_spec(self, kernel_name):
        command = [self.executable, "jupyter", "--kernel", "--conn", "{connection_file}"]
        return KernelSpec(argv=command, display_name="Deno", language="typescript")


class Session:
    """A running kernel."""

    def __init__(self, deno, folder):
        specs = DenoKernel()
        specs.executable = deno
        self.manager = KernelManager(kernel_spec_manager=specs, kernel_name="deno")
        self.manager.start_kernel(cwd=folder, stdout=sys.stderr)
        self.client = self.manager.blocking_client()
        self.displays = {}
        self.marks = 0

    def start(self):
        self.client.start_channels()
        self.client.wait_for_ready(timeout=START_SECONDS)
        self.outputs_until_mark()

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def run(self, source, timeout):
        """The result of a cell, and whether it succeeded."""
        request = self.client.execute(source, allow_stdin=False)
        reply = self.reply_to(request, timeout)
        result = {"outputs": self.outputs_until_mark(), **pick(reply, "execution_count")}
        return result, reply["status"] == "ok"

    def reply_to(self, request, timeout):
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            try:
                message = self.client.get_shell_msg(timeout=min(1, timeout))
            except queue.Empty:
                if not self.manager.is_alive():
                    raise Broken("the kernel has died") from None
                if os.getppid() != PARENT:
                    raise Broken("nobody waits for the results") from None
                continue
            if message["parent_header"].get("msg_id") == request:
                return message["content"]
        raise Broken(f"still running after {timeout:g} s")

    def outputs_until_mark(self):
        """Everything that has been shown since the last mark."""
        self.marks += 1
        mark = f"\0end of cell {self.marks}\0"
        print_mark = f"await new Promise((done) => setTimeout(done)); console.log({json.dumps(mark)})"
        request = self.client.execute(print_mark, silent=True, allow_stdin=False)
        outputs = []
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=MARK_SECONDS)
            except queue.Empty:
                raise Broken("the kernel has lost outputs") from None
            kind, content = message["msg_type"], message["content"]
            if kind == "stream" and mark in content["text"]:
                add_text(outputs, content["name"], content["text"].replace(f"{mark}\n", ""))
                self.reply_to(request, MARK_SECONDS)
                return outputs
            self.add(outputs, kind, content)

    def add(self, outputs, kind, content):
        if kind == "stream":
            add_text(outputs, content["name"], content["text"])
        elif kind == "error":
            outputs.append({"output_type": kind, **pick(content, "ename", "evalue", "traceback")})
        elif kind == "execute_result":
            number = pick(content, "execution_count")
            outputs.append({"output_type": kind, **shown(content), **number})
        elif kind == "display_data":
            outputs.append({"output_type": kind, **shown(content)})
            self.displays.setdefault(display_of(content), []).append(outputs[-1])
        elif kind == "update_display_data":
            for output in self.displays.get(display_of(content), []):
                output.update(shown(content))
        elif kind == "clear_output":
            outputs.clear()


def add_text(outputs, name, text):
    """Text that follows text of the same stream is joined to it."""
    if outputs and outputs[-1].get("name") == name:
        outputs[-1]["text"] += text
    elif text:
        outputs.append({"output_type": "stream", "name": name, "text": text})


def pick(content, *names):
    return {name: content[name] for name in names}


def shown(content):
    return {"data": content["data"], "metadata": content.get("metadata", {})}


def display_of(content):
    return content.get("transient", {}).get("display_id")


def write(line):
    print(json.dumps(line), flush=True)


def run_cells(session, cells, timeout, results):
    """Appends to the results, in which a later cell may still change what an earlier one shows."""
    session.start()
    for source in cells:
        result, succeeded = session.run(source, timeout)
        results.append(result)
        if not succeeded:
            return
        write({"done": len(results)})


def main():
    task = json.load(sys.stdin)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    session = Session(task["deno"], task["folder"])
    results, broken = [], None
    try:
        run_cells(session, task["cells"], task["timeout"], results)
    except Broken as reason:
        broken = str(reason)
    finally:
        session.close()
    write({"results": results, "broken": broken})


main()
