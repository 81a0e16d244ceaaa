"""A proxy before PostgreSQL that cuts the connection at one of the client's messages: unsent, or its answer lost."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db import connection

BEFORE, AFTER = 0, 1
#: Seconds that the server has for an answer, which is then lost.
PATIENCE = 2


class Proxy:
    """One for each lane: what it is to do is said through memory that its process shares.

    Attributes:
        port: Where it listens, on loopback.
        point: The message to cut at, counted from 1 over all connections since it was armed; 0 cuts nothing.
        seen: How many messages there have been.
        lost_commits: How many commits were carried out without the client's knowing.
    """

    def __init__(self) -> None:
        self._shared: Any = multiprocessing.Array("i", 4, lock=False)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]

    point = property(lambda self: self._shared[0])
    mode = property(lambda self: self._shared[1])
    seen = property(lambda self: self._shared[2])
    lost_commits = property(lambda self: self._shared[3])

    def arm(self, point: int, mode: int) -> None:
        """Cut at a message, and count from here."""
        self._shared[0], self._shared[1], self._shared[2] = point, mode, 0

    async def serve(self, host: str, port: str) -> None:
        """Stand between, until the process is killed."""
        self.server = (host, port)
        async with await asyncio.start_server(self._client, sock=self.listening) as server:
            await server.serve_forever()

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = self.server
        if host.startswith("/"):
            back, forth = await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port or 5432}")
        else:
            back, forth = await asyncio.open_connection(host or "127.0.0.1", int(port or 5432))
        cut, answered = asyncio.Event(), asyncio.Event()

        async def up() -> None:
            while message := await reader.read(65536):
                self._shared[2] += 1
                if self.seen == self.point:
                    cut.set()
                    if self.mode == AFTER:
                        forth.write(message)
                        await forth.drain()
                        with suppress(TimeoutError):  # of a message in several parts there is no answer yet
                            await asyncio.wait_for(answered.wait(), PATIENCE)
                            self._shared[3] += b"COMMIT" in message  # the server has done it
                    return
                forth.write(message)
                await forth.drain()

        async def down() -> None:
            while message := await back.read(65536):
                if cut.is_set():
                    answered.set()
                    return
                writer.write(message)
                await writer.drain()
            answered.set()  # a farewell has no answer: the server closes

        tasks = [asyncio.create_task(up()), asyncio.create_task(down())]
        with suppress(ConnectionError):
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if cut.is_set():
                await tasks[0]
        for task in tasks:
            task.cancel()
        for end in (writer, forth):
            end.transport.abort()


class Cut:
    """A cut at a message of a play, through a lane's proxy."""

    def __init__(self, proxy: Proxy, point: int, mode: str) -> None:
        self.proxy = proxy
        self.point = point
        self.mode = AFTER if mode == "after" else BEFORE

    @property
    def seen(self) -> int:
        """How many messages there have been."""
        return int(self.proxy.seen)

    @contextmanager
    def striking(self) -> Iterator[None]:
        """Let Django's next connection go through the proxy."""
        connection.close()
        direct = {key: connection.settings_dict[key] for key in ("HOST", "PORT", "OPTIONS")}
        options = {key: value for key, value in direct["OPTIONS"].items() if key != "host"}
        connection.settings_dict.update(HOST="127.0.0.1", PORT=str(self.proxy.port), OPTIONS=options)
        self.proxy.arm(self.point, self.mode)
        try:
            yield
        finally:
            connection.settings_dict.update(direct)


@contextmanager
def proxied(lanes: int) -> Iterator[list[Proxy]]:
    """A proxy in a process of its own for each lane."""
    connection.close()
    wants = connection.get_connection_params()
    proxies, children = [Proxy() for _ in range(lanes)], []
    for proxy in proxies:
        child = os.fork()
        if not child:
            asyncio.run(proxy.serve(wants.get("host", ""), str(wants.get("port", ""))))
        children.append(child)
        proxy.listening.close()
    try:
        yield proxies
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
