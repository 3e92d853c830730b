/**
 * From the bytes of a request to a resolved job, or to every error in it at once. Nothing is repaired: what is not
 * understood is refused, with the field, the value and what is allowed.
 */
@NullMarked
package io.lowpass.contracts.request;

import org.jspecify.annotations.NullMarked;
