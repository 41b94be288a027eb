/**
 * How many streams this pod and its peers have, and the limit that protects a pod from overload.
 */
package io.vachub.streams;
