"""Talks to a language server over its standard streams."""

import json
import os
import queue
import subprocess
import threading
import time


class Client:
    """A server that has opened one crate."""

    def __init__(self, server, root, target):
        environment = {**os.environ, "CARGO_TARGET_DIR": target}
        self.process = subprocess.Popen(
            [server], cwd=root, env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )
        self.number = 0
        self.replies = {}
        self.problems = {}
        self.texts = {}
        self.versions = {}
        self.status = queue.Queue()
        self.changed = threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()
        documents = {
            "hover": {"contentFormat": ["markdown"]},
            "completion": {"completionItem": {"snippetSupport": True}},
            "definition": {"linkSupport": True},
            "publishDiagnostics": {},
            "rename": {"prepareSupport": True},
        }
        self.ask("initialize", {
            "processId": os.getpid(),
            "rootUri": f"file://{root}",
            "capabilities": {
                "window": {"workDoneProgress": True},
                "experimental": {"serverStatusNotification": True},
                "textDocument": documents,
            },
            "initializationOptions": {"checkOnSave": False, "cachePriming": {"enable": False}},
        })
        self.tell("initialized", {})

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def tell(self, method, parameters):
        with self.changed:
            self.send({"method": method, "params": parameters})

    def ask(self, method, parameters, seconds=300):
        """The reply to a request; `None` for an error."""
        with self.changed:
            self.number += 1
            number = self.number
            self.send({"id": number, "method": method, "params": parameters})
            if not self.changed.wait_for(lambda: number in self.replies, seconds):
                raise TimeoutError(method)
            return self.replies.pop(number)

    def read(self):
        stream = self.process.stdout
        while True:
            length = 0
            while (line := stream.readline().strip()):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if not length:
                return
            message = json.loads(stream.read(length))
            with self.changed:
                if "method" in message and "id" in message:
                    items = message["params"].get("items", []) if message.get("params") else []
                    self.send({"id": message["id"], "result": [{}] * len(items) or None})
                elif "id" in message:
                    self.replies[message["id"]] = message.get("result")
                elif message["method"] == "textDocument/publishDiagnostics":
                    parameters = message["params"]
                    self.problems[parameters["uri"]] = parameters["diagnostics"]
                elif message["method"] == "experimental/serverStatus":
                    self.status.put(message["params"])
                self.changed.notify_all()

    def ready(self, seconds=900):
        """Waits until the crate is loaded; `False` when it is not by then."""
        end = time.time() + seconds
        while time.time() < end:
            try:
                if self.status.get(timeout=1).get("quiescent"):
                    return True
            except queue.Empty:
                if self.process.poll() is not None:
                    return False
        return False

    def open(self, path):
        uri = f"file://{path}"
        with open(path) as file:
            self.texts[uri] = file.read()
        self.versions[uri] = 1
        document = {"uri": uri, "languageId": "rust", "version": 1, "text": self.texts[uri]}
        self.tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def change(self, uri, text):
        self.texts[uri] = text
        self.versions[uri] += 1
        self.tell("textDocument/didChange", {
            "textDocument": {"uri": uri, "version": self.versions[uri]},
            "contentChanges": [{"text": text}],
        })

    def at(self, method, uri, place, **more):
        """Asks about a place, which is an index into the text."""
        before = self.texts[uri][:place]
        line = before.count("\n")
        position = {"line": line, "character": place - (before.rfind("\n") + 1)}
        return self.ask(method, {"textDocument": {"uri": uri}, "position": position, **more})

    def hover(self, uri, place):
        reply = self.at("textDocument/hover", uri, place) or {}
        contents = reply.get("contents", "")
        return contents["value"] if isinstance(contents, dict) else str(contents)

    def definitions(self, uri, place):
        """Where the word is declared: addresses with the line and the column, from 0."""
        found = []
        for link in self.at("textDocument/definition", uri, place) or []:
            start = link["targetSelectionRange"]["start"]
            found.append((link["targetUri"], start["line"], start["character"]))
        return found

    def completions(self, uri, place):
        reply = self.at("textDocument/completion", uri, place) or []
        items = reply["items"] if isinstance(reply, dict) else reply
        return [item["label"] for item in items]

    def references(self, uri, place):
        context = {"includeDeclaration": True}
        return self.at("textDocument/references", uri, place, context=context) or []

    def renames(self, uri, place, name):
        """The changed ranges."""
        reply = self.at("textDocument/rename", uri, place, newName=name) or {}
        return [edit for change in reply.get("documentChanges", []) for edit in change["edits"]]

    def close(self):
        self.process.kill()
        self.process.wait()
