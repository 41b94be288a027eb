package io.vachub;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A TCP proxy in front of a port of this host that can reset its connections. */
public final class ResettingProxy implements AutoCloseable {

  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final int target;

  public ResettingProxy(int target) throws IOException {
    this.target = target;
    run(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Ends every connection with a TCP RST. */
  public void reset() throws IOException {
    for (Socket socket : sockets) {
      socket.setSoLinger(true, 0);
      socket.close();
    }
    sockets.clear();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    reset();
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listener.accept();
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(client);
      sockets.add(server);
      run(() -> client.getInputStream().transferTo(server.getOutputStream()));
      run(() -> server.getInputStream().transferTo(client.getOutputStream()));
    }
  }

  private interface Task {
    void run() throws IOException;
  }

  private static void run(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException e) {
                // The other end, or the test, closed the socket.
              }
            },
            "proxy");
    thread.setDaemon(true);
    thread.start();
  }
}
