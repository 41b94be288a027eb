/** The description of a load: who opens how many streams when, and what they send. */
package io.vachub.loadtest.load;
