"""Runs one action of zoom-runner: the request goes to its stdin, its envelope is the result."""

import json
import signal
import subprocess

from st2common.runners.base_action import Action


class ZoomRunner(Action):
    def run(self, action, **parameters):
        resource = given(self.config or {})
        binary = resource.pop("binary", "zoom-runner")
        request = {"action": action, "parameters": given(parameters), "resource": resource}

        try:
            child = subprocess.Popen([binary], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        except OSError as error:
            hint = "Install zoom-runner on the StackStorm workers, or set `binary` in the pack's configuration."
            return False, {"status": "failed", "message": f"{binary} could not be started: {error}. {hint}"}

        # A cancelled execution must reach the program, which then tells what became of a change that was sent.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda received, _: child.send_signal(received))

        output, _ = child.communicate(json.dumps(request).encode())
        try:
            envelope = json.loads(output)
        except ValueError:
            return False, {"status": "failed", "message": f"{binary} ended with code {child.returncode} and no envelope."}
        return envelope["status"] == "success", envelope


def given(values):
    """The values that were filled in."""
    return {name: value for name, value in values.items() if value is not None}
