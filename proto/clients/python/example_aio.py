"""example.py for asyncio: sends numbers until its standard input ends, then prints the accounts.

    python3 example_aio.py localhost:50051 AcknowledgeTextStream [clients [name]]
"""

import asyncio
import json
import sys

from streaming_pb2 import TextRequest
from text_sender_aio import ACKNOWLEDGE, TextSender, connect

target, rpc = sys.argv[1:3]
clients = int(sys.argv[3]) if len(sys.argv) > 3 else 1
name = sys.argv[4] if len(sys.argv) > 4 else "aio"


async def run(client, stopping):
    unknown, sent = [], 0

    async def numbers():
        nonlocal sent
        while not stopping.is_set():
            sent += 1
            yield TextRequest(message=str(sent), client_id=client, channel_id=1)
            await asyncio.sleep(0.02)

    def on_unknown(messages):
        unknown.extend(int(message.message) for message in messages)
        return rpc == ACKNOWLEDGE  # Twice rather than never; with the other RPC never twice.

    sender = TextSender(lambda: connect(target), rpc, on_unknown)
    counted = await sender.send(numbers())
    account = {"client": client, "sent": sent, "counted": counted, "unknown": unknown, "ends": sender.ends}
    print(json.dumps(account), flush=True)


async def main():
    stopping = asyncio.Event()
    runs = [asyncio.create_task(run(f"{name}-{number}", stopping)) for number in range(clients)]
    await asyncio.to_thread(sys.stdin.read)
    stopping.set()
    await asyncio.gather(*runs)


asyncio.run(main())
