/**
 * The proof that no stream is ever cut: real servers, real clients that number their messages, and
 * a ledger of what the servers processed.
 *
 * <p>{@code mvn verify} runs it short, {@code mvn verify -Pproof} long.
 */
package io.vachub.proof;
