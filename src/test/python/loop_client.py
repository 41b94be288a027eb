"""Loop clients as the user has them: grpcio, blocking, a thread and a channel for each.

Numbers its messages and goes on after a handoff with the message after the count that it was told.
Runs until its standard input closes, then finishes and prints one line for each client:
the name, the highest number known to be processed, streams, handoffs, back-offs, cuts.

    python3 loop_client.py <host:port> <clients> <directory of streaming.proto>
"""

import sys
import threading
import time

import grpc

sys.path.insert(0, sys.argv[3])
messages, services = grpc.protos_and_services("streaming.proto")

stopping = threading.Event()


class LoopClient(threading.Thread):
    def __init__(self, target, name):
        super().__init__(name=name)
        self.target = target
        self.confirmed = 0
        self.highest = 0
        self.streams = self.handoffs = self.back_offs = self.cut = 0

    def run(self):
        channel = grpc.insecure_channel(self.target)
        while not (stopping.is_set() and self.confirmed == self.highest):
            if self.stream(services.StreamerStub(channel)) == "rebalance":
                channel.close()
                channel = grpc.insecure_channel(self.target)
        channel.close()

    def numbers(self):
        number = self.confirmed
        while number < self.highest or not stopping.is_set():
            number += 1
            self.highest = max(self.highest, number)
            yield messages.TextRequest(message=str(number), client_id=self.name, channel_id=1)
            time.sleep(0.02)

    def stream(self, stub):
        """One stream; returns why it was handed off, if it was."""
        self.streams += 1
        call = stub.ProcessTextStream.future(self.numbers(), metadata=[("vachub-handoff", "accept")])
        try:
            self.confirmed += call.result().message_count
        except grpc.RpcError as error:
            accepted = any(key == "vachub-pod" for key, _ in call.initial_metadata() or ())
            if error.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED) and not accepted:
                self.back_offs += 1
            else:
                self.cut += 1
                print(error, file=sys.stderr)
            time.sleep(0.1)
            return None
        reason = dict(call.trailing_metadata()).get("vachub-handoff")
        if reason is not None:
            self.handoffs += 1
        return reason


clients = [LoopClient(sys.argv[1], f"python-{i}") for i in range(int(sys.argv[2]))]
for client in clients:
    client.start()
sys.stdin.read()
stopping.set()
for client in clients:
    client.join()
    print(client.name, client.confirmed, client.streams, client.handoffs, client.back_offs, client.cut)
