/** One report of many load testers that loaded the same service at the same time. */
package io.vachub.loadtest.merge;
