package io.vachub;

import java.lang.reflect.Proxy;

/** What SIGTERM, with which Kubernetes stops a pod, makes of the exit code. */
final class Sigterm {

  private Sigterm() {}

  /**
   * Runs the shutdown hooks, as the JVM's own handler does, but then exits with this code instead
   * of 143, which job runners and alerts take for a failure. Later signals change nothing.
   */
  static void exitsWith(int code) {
    try {
      // By reflection, because javac warns of every mention of sun.misc.Signal and knows no way to
      // say that it is meant. The module jdk.unsupported exports it.
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
