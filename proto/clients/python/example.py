"""Sends numbers until its standard input ends, then prints the account of each client as JSON.

    python3 example.py localhost:50051 AcknowledgeTextStream [clients [name]]
"""

import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from streaming_pb2 import TextRequest
from text_sender import ACKNOWLEDGE, TextSender, connect

target, rpc = sys.argv[1:3]
clients = int(sys.argv[3]) if len(sys.argv) > 3 else 1
name = sys.argv[4] if len(sys.argv) > 4 else "python"
stopping = threading.Event()


def run(client):
    unknown, sent = [], 0

    def numbers():
        nonlocal sent
        while not stopping.is_set():
            sent += 1
            yield TextRequest(message=str(sent), client_id=client, channel_id=1)
            time.sleep(0.02)

    def on_unknown(messages):
        unknown.extend(int(message.message) for message in messages)
        return rpc == ACKNOWLEDGE  # Twice rather than never; with the other RPC never twice.

    sender = TextSender(lambda: connect(target), rpc, on_unknown)
    counted = sender.send(numbers())
    return {"client": client, "sent": sent, "counted": counted, "unknown": unknown, "ends": sender.ends}


with ThreadPoolExecutor(clients) as pool:
    accounts = [pool.submit(run, f"{name}-{number}") for number in range(clients)]
    sys.stdin.read()
    stopping.set()
    for account in accounts:
        # By one thread, for a line and its end are two writes.
        print(json.dumps(account.result()), flush=True)
