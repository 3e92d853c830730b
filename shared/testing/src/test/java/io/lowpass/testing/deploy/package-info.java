/** What the project promises in files that no compiler reads: the compose file, manifests, dashboards, the README. */
@NullMarked
package io.lowpass.testing.deploy;

import org.jspecify.annotations.NullMarked;
