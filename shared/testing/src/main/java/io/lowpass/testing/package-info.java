/**
 * What the tests of several modules share: house rules, toy transformers, and contracts that every caching method and
 * every model family inherits as tests.
 */
@NullMarked
package io.lowpass.testing;

import org.jspecify.annotations.NullMarked;
