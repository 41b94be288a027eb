/** What all calls have in common, whatever their service. */
package io.vachub.call;
