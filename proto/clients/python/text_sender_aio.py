"""text_sender.py for asyncio: from an asynchronous source, without blocking the event loop.

    sender = TextSender(lambda: connect("localhost:50051"), ACKNOWLEDGE, unknown=lambda messages: True)
    counted = await sender.send(asynchronous_generator())

The streams are those of the synchronous API, each on threads of its own. grpc.aio loses the status
and the trailers of a stream that the server ends while a write is on its way
(github.com/grpc/grpc/issues/36066), and with them whether it was a handoff.
"""

import asyncio
import concurrent.futures

import text_sender
from text_sender import ACKNOWLEDGE, PROCESS, StreamFailed, connect

_END = object()


class TextSender:
    """As that of text_sender.py, whose arguments it takes; unknown is called in the event loop."""

    def __init__(self, connect, rpc, unknown, keep=10_000):
        self._unknown = unknown
        self._sender = text_sender.TextSender(connect, rpc, self._ask_unknown, keep)
        self._loop = None
        self._waiting = None  # what a thread waits for in the event loop

    @property
    def ends(self):
        """How many streams ended in which way."""
        return self._sender.ends

    async def send(self, messages):
        """Sends the messages of an asynchronous iterable. Returns how many were counted."""
        self._loop = asyncio.get_running_loop()
        executor = concurrent.futures.ThreadPoolExecutor(1)
        try:
            return await self._loop.run_in_executor(
                executor, self._sender.send, self._source(aiter(messages))
            )
        finally:
            self._sender.close()
            if self._waiting is not None:
                self._waiting.cancel()
            executor.shutdown(wait=False)

    def _source(self, messages):
        async def following():
            return await anext(messages, _END)

        while (message := self._in_loop(following())) is not _END:
            yield message

    def _ask_unknown(self, messages):
        async def decision():
            return self._unknown(messages)

        return asyncio.run_coroutine_threadsafe(decision(), self._loop).result()

    def _in_loop(self, coroutine):
        self._waiting = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        return self._waiting.result()
