"""What an editor knows inside of `network!`, asked of rust-analyzer.

    python3 tests/editor/check.py SERVER [NAME ...]

The networks are the files in `tests/editor/networks`. A comment below a line says what is known at
the place above its `^`:

    ^ hover TEXT | TEXT        each of the texts is shown there
    ^ not TEXT | TEXT          none of them is
    ^ goes NEEDLE              the word is declared where `NEEDLE` stands first in the file
    ^ completes NAME | -NAME   each of the names is offered before the `^`, none of those with a `-`
    ^ references N             so many places name it, its declaration included
    ^ renames N                a rename changes so many

`//~ OLD => NEW` is something half typed: with `NEW` in the place of `OLD`, what is marked with `^!`
instead of `^` is still known, and `NEW`, where it has a `$`, completes there:

    //~ OLD => NEW$ completes NAME | -NAME

A file without problems has no diagnostics.
"""

import os
import re
import sys
import time

from client import Client
from crate import HERE, crate, remove, target

NOTE = re.compile(r"^\s*//(\s*)\^(!?) (\w+) (.*)$")
HALF = re.compile(r"^\s*//~ (.*?) => (.*)$")


def parts(text):
    return [part.strip() for part in text.split(" | ")]


class Check:
    """The questions of one file."""

    def __init__(self, client, uri):
        self.client, self.uri = client, uri
        self.text = client.texts[uri]
        self.failed, self.asked = [], 0
        self.notes, self.halves = [], []
        line_start = at = 0
        for line in self.text.splitlines(keepends=True):
            note, half = NOTE.match(line.rstrip("\n")), HALF.match(line.rstrip("\n"))
            if note:
                column = line.index("^")
                self.notes.append((line_start + column, note[2] == "!", note[3], note[4]))
            elif half:
                self.halves.append((half[1], half[2].replace("\\n", "\n")))
            else:
                line_start = at
            at += len(line)

    def report(self, place, what, good, shown):
        self.asked += 1
        if not good:
            line = self.client.texts[self.uri][:place].count("\n") + 1
            shown = " ".join(str(shown).split())[:300]
            file = self.uri.split("/")[-3]
            self.failed.append(f"{file}:{line}: {what}\n    got: {shown}")

    def note(self, place, command, wanted, around=""):
        client, uri = self.client, self.uri
        what = f"{command} {wanted}{around}"
        if command in ("hover", "not"):
            shown = client.hover(uri, place)
            found = [part.lower() in shown.lower() for part in parts(wanted)]
            self.report(place, what, all(found) if command == "hover" else not any(found), shown)
        elif command == "goes":
            before = client.texts[uri][: client.texts[uri].index(wanted)]
            there = (uri, before.count("\n"), len(before) - (before.rfind("\n") + 1))
            found = client.definitions(uri, place)
            self.report(place, what, found == [there], found)
        elif command == "completes":
            self.completes(place, wanted, what)
        elif command == "references":
            found = client.references(uri, place)
            self.report(place, what, len(found) == int(wanted), found)
        elif command == "renames":
            found = client.renames(uri, place, "renamed")
            self.report(place, what, len(found) == int(wanted), found)
        else:
            self.report(place, f"`{command}` is no question", False, "")

    def completes(self, place, wanted, what):
        offered = self.client.completions(self.uri, place)
        good = all(
            name[1:] not in offered if name.startswith("-") else name in offered
            for name in parts(wanted)
        )
        self.report(place, what, good, offered)

    def run(self):
        for place, _, command, wanted in self.notes:
            self.note(place, command, wanted)
        time.sleep(1)
        problems = self.client.problems.get(self.uri, [])
        self.report(0, "no diagnostics", not problems, problems)
        for old, new in self.halves:
            self.half(old, new)
        self.client.change(self.uri, self.text)
        return self

    def half(self, old, new):
        new, _, wanted = new.partition(" completes ")
        typed = new.replace("$", "", 1)
        start = self.text.index(old)
        end = start + len(old)
        self.client.change(self.uri, self.text[:start] + typed + self.text[end:])
        if wanted:
            self.completes(start + new.index("$"), wanted, f"{new} completes {wanted}")
        for place, always, command, known in self.notes:
            if always and not start <= place < end:
                moved = place if place < start else place + len(typed) - len(old)
                self.note(moved, command, known, f", with {typed!r}")


def main():
    server, names = sys.argv[1], sys.argv[2:]
    folder = f"{HERE}/networks"
    names = names or sorted(name[:-3] for name in os.listdir(folder) if name.endswith(".rs"))
    networks = {name: open(f"{folder}/{name}.rs").read() for name in names}
    root = crate(networks)
    client = Client(server, root, target())
    failed = asked = 0
    try:
        uris = [client.open(f"{root}/{name}/src/lib.rs") for name in names]
        if not client.ready():
            sys.exit("the server did not load the crate")
        # Its macros are built, and it expands them, once it knows a layer.
        for _ in range(300):
            first = client.texts[uris[0]]
            if client.hover(uris[0], first.index("conv(") + 1):
                break
            time.sleep(1)
        for uri in uris:
            check = Check(client, uri).run()
            asked, failed = asked + check.asked, failed + len(check.failed)
            print("\n".join(check.failed), end="\n" if check.failed else "")
    finally:
        client.close()
        remove(root)
    print(f"{asked - failed} of {asked} answers are right")
    sys.exit(1 if failed or not asked else 0)


main()
