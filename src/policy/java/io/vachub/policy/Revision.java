package io.vachub.policy;

/**
 * Which template a pod was made from, and since when it runs. Of all pods, the one that started
 * last shows which revision is the current one: in a rollout as in a rollback, that is what
 * Kubernetes makes more of.
 *
 * @param hash its {@code pod-template-hash}; blank where unknown
 * @param startedAtMillis when it started, in milliseconds since 1970
 */
public record Revision(String hash, long startedAtMillis) {

  /** Outside of Kubernetes: of no revision in particular. */
  public static final Revision UNKNOWN = new Revision("", 0);

  /** Whether both are made from the same template, as far as is known. */
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
