package io.vachub.policy;

/**
 * The template that a pod was created from, and its start time. The pod that started last shows
 * which revision is the current one, because Kubernetes creates more pods of it in a rollout and in
 * a rollback.
 *
 * @param hash its {@code pod-template-hash}; blank where unknown
 * @param startedAtMillis when it started, in milliseconds since 1970
 */
public record Revision(String hash, long startedAtMillis) {

  /** For pods without a known revision, as outside of Kubernetes. */
  public static final Revision UNKNOWN = new Revision("", 0);

  /** Whether both are of the same template, as far as is known. */
  public boolean isSameAs(Revision other) {
    return hash.isBlank() || other.hash.isBlank() || hash.equals(other.hash);
  }

  static Revision laterStarted(Revision a, Revision b) {
    if (a.hash.isBlank() || b.hash.isBlank()) {
      return a.hash.isBlank() ? b : a;
    }
    return a.startedAtMillis >= b.startedAtMillis ? a : b;
  }
}
