"""Tests both senders on a server that does as each test says. Needs grpcio-tools.

    python3 -m grpc_tools.protoc -I ../.. --python_out=. streaming.proto
    python3 -m unittest
"""

import asyncio
import concurrent.futures
import threading
import unittest

import grpc

import text_sender
import text_sender_aio
from streaming_pb2 import TextRequest, TextResponse
from text_sender import ACKNOWLEDGE, PROCESS, StreamFailed


class Server(grpc.GenericRpcHandler):
    """Plays the next scene of its play for each stream, and notes what it sees."""

    def __init__(self, *play):
        self.play = list(play)
        self.received = []
        self.peers = []
        self.metadata = []
        self.opened = threading.Semaphore(0)
        self.server = grpc.server(concurrent.futures.ThreadPoolExecutor(4), handlers=[self])
        self.target = f"localhost:{self.server.add_insecure_port('localhost:0')}"

    def __enter__(self):
        self.server.start()
        return self

    def __exit__(self, *_):
        self.server.stop(None)

    def service(self, details):
        scene = self.play.pop(0)

        def run(requests, context):
            self.peers.append(context.peer())
            self.metadata.append(dict(context.invocation_metadata()))
            self.opened.release()
            return scene(self, details.method.endswith(ACKNOWLEDGE), requests, context)

        return grpc.stream_stream_rpc_method_handler(
            run, TextRequest.FromString, TextResponse.SerializeToString
        )


def serve(handoff=None, after=None, acknowledged=None, status=None):
    """Takes messages, all or so many, and then ends the stream: well, as a handoff, or by this status.
    Acknowledges all of them, or only so many."""

    def scene(server, acknowledges, requests, context):
        context.send_initial_metadata([("vachub-pod", "pod")])
        count = 0
        while count != after and (request := next(requests, None)) is not None:
            count += 1
            server.received.append(int(request.message))
            if acknowledges and (acknowledged is None or count <= acknowledged):
                yield TextResponse(message_count=count)
        if status is not None:
            context.abort(status, "as the play has it")
        if handoff is not None:
            context.set_trailing_metadata(
                [("vachub-handoff", handoff), ("vachub-message-count", str(count))]
            )
        if not acknowledges:
            yield TextResponse(message_count=count)

    return scene


def refuse(pushback):
    def scene(server, acknowledges, requests, context):
        context.set_trailing_metadata([("grpc-retry-pushback-ms", pushback)])
        context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "refused")

    return scene


class Sync:
    @staticmethod
    def send(server, rpc, source, unknown=None, keep=100):
        sender = text_sender.TextSender(
            lambda: text_sender.connect(server.target), rpc, unknown, keep
        )
        return sender.send(source), sender.ends


class Aio:
    @staticmethod
    def send(server, rpc, source, unknown=None, keep=100):
        async def messages():
            numbers = iter(source)
            while (message := await asyncio.to_thread(next, numbers, None)) is not None:
                yield message

        sender = text_sender_aio.TextSender(
            lambda: text_sender.connect(server.target), rpc, unknown, keep
        )
        return asyncio.run(sender.send(messages())), sender.ends


def numbers(count):
    return (TextRequest(message=str(number)) for number in range(1, count + 1))


class TextSenderTest(unittest.TestCase):
    def each(self, test):
        for sender in (Sync, Aio):
            for rpc in (ACKNOWLEDGE, PROCESS):
                with self.subTest(sender=sender.__name__, rpc=rpc):
                    test(sender, rpc)

    def test_goes_on_after_a_handoff(self):
        def test(sender, rpc):
            with Server(serve("age", 3), serve("rebalance", 3), serve()) as server:
                counted, ends = sender.send(server, rpc, numbers(10))
                self.assertEqual(10, counted)
                self.assertEqual({"age": 1, "rebalance": 1, "completed": 1}, ends)
                self.assertEqual(list(range(1, 11)), server.received)
                self.assertEqual("accept", server.metadata[0]["vachub-handoff"])
                self.assertEqual(server.peers[0], server.peers[1])
                self.assertNotEqual(server.peers[1], server.peers[2], "the same connection")

        self.each(test)

    def test_goes_on_though_its_source_is_silent(self):
        def test(sender, rpc):
            with Server(serve("drain", 1), serve()) as server:

                def source():
                    yield TextRequest(message="1")
                    for _ in range(2):
                        self.assertTrue(server.opened.acquire(timeout=30))
                    yield from (TextRequest(message=str(number)) for number in (2, 3))

                counted, _ = sender.send(server, rpc, source())
                self.assertEqual(3, counted)
                self.assertEqual([1, 2, 3], server.received)

        self.each(test)

    def test_tries_again_on_a_new_connection_when_refused(self):
        def test(sender, rpc):
            with Server(refuse("0"), refuse("20"), serve()) as server:
                counted, ends = sender.send(server, rpc, numbers(3))
                self.assertEqual(3, counted)
                self.assertEqual({"refused": 2, "completed": 1}, ends)
                self.assertEqual(
                    ["0", "1", "2"], [metadata["vachub-attempt"] for metadata in server.metadata]
                )
                self.assertEqual(3, len(set(server.peers)))
                self.assertEqual([1, 2, 3], server.received)

        self.each(test)

    def test_asks_what_to_do_with_what_is_unknown_after_a_cut(self):
        def test(sender, rpc):
            for again in (True, False):
                cut = serve(after=6, acknowledged=4, status=grpc.StatusCode.UNAVAILABLE)
                with Server(cut, serve()) as server:
                    unknown = []

                    def on_unknown(messages):
                        unknown.extend(int(message.message) for message in messages)
                        return again

                    # The server cuts when it has the first six.
                    def source():
                        yield from (TextRequest(message=str(number)) for number in range(1, 7))
                        for _ in range(2):
                            self.assertTrue(server.opened.acquire(timeout=30))
                        yield TextRequest(message="7")

                    counted, ends = sender.send(server, rpc, source(), on_unknown)
                    first = 5 if rpc == ACKNOWLEDGE else 1
                    self.assertEqual(list(range(first, 7)), unknown)
                    self.assertEqual({"cut": 1, "completed": 1}, ends)
                    resent = unknown if again else []
                    self.assertEqual([*range(1, 7), *resent, 7], server.received)
                    self.assertEqual(first + len(resent), counted)

        self.each(test)

    def test_keeps_the_order_of_what_it_sends_again(self):
        def test(sender, rpc):
            cut = serve(after=20, acknowledged=4, status=grpc.StatusCode.UNAVAILABLE)
            with Server(cut, serve("age", 1), serve()) as server:
                # More than is on its way at a time, so that some is sent again and some is not yet.
                source = (
                    TextRequest(message=str(number), client_id="x" * 100_000)
                    for number in range(1, 21)
                )
                sender.send(server, rpc, source, lambda messages: True)
                first = 5 if rpc == ACKNOWLEDGE else 1
                self.assertEqual([*range(1, 21), *range(first, 21)], server.received)

        self.each(test)

    def test_hears_the_count_before_it_keeps_too_many(self):
        def test(sender, rpc):
            with Server(serve(), serve(), serve()) as server:
                counted, ends = sender.send(server, rpc, numbers(10), keep=4)
                self.assertEqual(10, counted)
                self.assertEqual({"completed": 3 if rpc == PROCESS else 1}, ends)
                self.assertEqual(list(range(1, 11)), server.received)

        self.each(test)

    def test_raises_what_another_attempt_does_not_mend(self):
        def test(sender, rpc):
            bad = serve(after=2, status=grpc.StatusCode.INVALID_ARGUMENT)
            for scene, code in ((bad, "INVALID_ARGUMENT"), (refuse("-1"), "RESOURCE_EXHAUSTED")):
                with Server(scene) as server:
                    with self.assertRaisesRegex(StreamFailed, code):
                        sender.send(server, rpc, numbers(2), lambda messages: True)

        self.each(test)

    def test_raises_what_its_source_raises_once_the_rest_is_counted(self):
        def test(sender, rpc):
            with Server(serve()) as server:

                def source():
                    yield from numbers(3)
                    raise OSError("no more")

                with self.assertRaisesRegex(OSError, "no more"):
                    sender.send(server, rpc, source())
                self.assertEqual([1, 2, 3], server.received)

        self.each(test)

    def test_sees_each_handoff_though_it_is_writing(self):
        def test(sender, rpc):
            with Server(*[serve("age", 50)] * 40, serve()) as server:
                unknown = lambda messages: self.fail(f"{len(messages)} messages are unknown")
                counted, ends = sender.send(server, rpc, numbers(3000), unknown, 3000)
                self.assertEqual(3000, counted)
                self.assertEqual({"age": 40, "completed": 1}, ends)
                self.assertEqual(list(range(1, 3001)), server.received)

        self.each(test)

    def test_closes_while_its_source_is_silent(self):
        with Server(serve()) as server:
            released = threading.Event()
            sender = text_sender.TextSender(
                lambda: text_sender.connect(server.target), ACKNOWLEDGE, lambda messages: True
            )
            threading.Thread(target=lambda: (server.opened.acquire(), sender.close())).start()
            with self.assertRaisesRegex(StreamFailed, "CANCELLED: closed"):
                sender.send(TextRequest() for _ in iter(released.wait, None))
            released.set()

    def test_is_cancelled_while_its_source_is_silent(self):
        async def silent():
            await asyncio.Event().wait()
            yield TextRequest()

        async def cancel(server):
            sender = text_sender_aio.TextSender(
                lambda: text_sender.connect(server.target), ACKNOWLEDGE, lambda messages: True
            )
            sending = asyncio.create_task(sender.send(silent()))
            await asyncio.to_thread(server.opened.acquire)
            sending.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await sending

        with Server(serve()) as server:
            asyncio.run(cancel(server))


if __name__ == "__main__":
    unittest.main()
