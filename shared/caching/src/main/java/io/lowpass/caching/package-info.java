/**
 * What the caching methods share. Each method of the literature has a package of its own, named after it; its decision
 * is one method of the class with the paper's name. {@code settings} makes policies from requests.
 */
@NullMarked
package io.lowpass.caching;

import org.jspecify.annotations.NullMarked;
