/** What the load tester shows over HTTP while it runs. */
package io.vachub.loadtest.web;
