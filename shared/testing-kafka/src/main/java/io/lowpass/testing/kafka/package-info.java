/** What the tests of several services share: what is on a topic now, and processes that hang or are killed. */
@NullMarked
package io.lowpass.testing.kafka;

import org.jspecify.annotations.NullMarked;
