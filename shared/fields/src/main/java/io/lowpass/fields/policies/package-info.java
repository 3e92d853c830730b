/** The table of caching policies: what a request may ask of each. Intake and the policies' own settings read the same. */
@NullMarked
package io.lowpass.fields.policies;

import org.jspecify.annotations.NullMarked;
