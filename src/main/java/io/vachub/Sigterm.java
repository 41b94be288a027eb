package io.vachub;

import java.lang.reflect.Proxy;

/** The exit code after SIGTERM, the signal by which Kubernetes stops a pod. */
final class Sigterm {

  private Sigterm() {}

  /**
   * Runs the shutdown hooks, as the JVM's own handler does, but then exits with this code instead
   * of 143, which job runners and alerts treat as a failure. Later signals change nothing.
   */
  static void exitsWith(int code) {
    try {
      // By reflection, because javac warns about each use of sun.misc.Signal, and the warning
      // cannot be suppressed. The module jdk.unsupported exports it.
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object exit =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                System.exit(code);
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("TERM"), exit);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("This JVM has no signals", e);
    }
  }
}
