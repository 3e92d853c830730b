package io.lowpass.testing;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Rules about the whole code base that the compiler cannot check. */
public final class HouseRules {

    static final String BASE = "io.lowpass";

    /** The methods of {@code NDArray} that change it in place. */
    private static final Set<String> IN_PLACE =
            Set.of("addi", "subi", "muli", "divi", "modi", "powi", "negi", "maximumi", "minimumi", "set", "setScalar");

    private static final ArchRule POLICIES_DO_NOT_KNOW_MODELS = separate("caching", "models");

    private static final ArchRule MODELS_DO_NOT_KNOW_POLICIES = separate("models", "caching");

    private static final ArchRule THE_SEAM_KNOWS_NEITHER = noClasses()
            .that()
            .resideInAPackage(BASE + ".diffusion..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(BASE + ".models..", BASE + ".caching..")
            .allowEmptyShould(true);

    /** Only the settings of requests may depend on all methods. */
    private static final ArchRule METHODS_DO_NOT_KNOW_EACH_OTHER = slices().matching(BASE + ".caching.(*)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(resideInAPackage(BASE + ".caching.settings.."), alwaysTrue())
            // First Block Cache is Dual Block Cache with one block in front.
            .ignoreDependency(
                    resideInAPackage(BASE + ".caching.firstblock.."), resideInAPackage(BASE + ".caching.dual.."))
            .allowEmptyShould(true);

    private static final ArchRule NO_CYCLES =
            slices().matching(BASE + ".(**)").should().beFreeOfCycles().allowEmptyShould(true);

    private static final ArchRule NO_IN_PLACE_ARITHMETIC = noClasses()
            .that()
            .resideInAnyPackage(BASE + ".caching..", BASE + ".models..", BASE + ".diffusion..")
            .should()
            .callMethodWhere(describe(
                    "an NDArray is changed in place, which would change what a cache keeps",
                    call -> call.getTargetOwner().getFullName().equals("ai.djl.ndarray.NDArray")
                            && IN_PLACE.contains(call.getTarget().getName())))
            .allowEmptyShould(true);

    private static final ArchRule ONLY_THE_COMMAND_LINE_PRINTS = noClasses()
            .that()
            .resideOutsideOfPackage(BASE + ".local..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .allowEmptyShould(true);

    private static final ArchRule NO_BROAD_THROWS = methods()
            .that()
            .arePublic()
            .and()
            .areDeclaredInClassesThat()
            .arePublic()
            .and()
            // Boundary takes work that may throw anything: that is what it is for.
            .areDeclaredInClassesThat()
            .doNotHaveFullyQualifiedName(BASE + ".contracts.Boundary$Task")
            .and()
            // Bridge methods of generic interfaces, such as Callable.
            .doNotHaveModifier(JavaModifier.SYNTHETIC)
            .should()
            .notDeclareThrowableOfType(Exception.class)
            .allowEmptyShould(true);

    /** Sibling modules and packages, which must not depend on each other. */
    private static final List<List<String>> SIBLINGS = List.of(
            List.of("ingestion", "sampler", "encoder", "storage"),
            List.of("models.wan", "models.hunyuan", "models.cogvideox", "models.opensora"));

    private HouseRules() {}

    /** Two classes of one name are two concepts that a reader takes for one, or one concept written twice. */
    private static void requireOneNameForOneThing(JavaClasses classes) {
        Map<String, List<String>> byName = classes.stream()
                .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(
                        JavaClass::getSimpleName,
                        TreeMap::new,
                        Collectors.mapping(JavaClass::getFullName, Collectors.toList())));
        byName.values().removeIf(types -> types.size() == 1);
        if (!byName.isEmpty()) {
            throw new AssertionError("One name for several top-level classes: " + byName.values());
        }
    }

    /**
     * Checks all production classes of this project on the class path.
     *
     * @throws AssertionError with each place where a rule is broken
     */
    public static void check() {
        check(new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(BASE));
    }

    static void check(JavaClasses classes) {
        for (ArchRule rule : List.of(
                POLICIES_DO_NOT_KNOW_MODELS,
                MODELS_DO_NOT_KNOW_POLICIES,
                THE_SEAM_KNOWS_NEITHER,
                METHODS_DO_NOT_KNOW_EACH_OTHER,
                NO_CYCLES,
                NO_IN_PLACE_ARITHMETIC,
                ONLY_THE_COMMAND_LINE_PRINTS,
                NO_BROAD_THROWS)) {
            rule.check(classes);
        }
        requireOneNameForOneThing(classes);
        for (List<String> siblings : SIBLINGS) {
            for (String one : siblings) {
                siblings.stream()
                        .filter(other -> !other.equals(one))
                        .forEach(other -> separate(one, other).check(classes));
            }
        }
    }

    private static ArchRule separate(String module, String from) {
        return noClasses()
                .that()
                .resideInAPackage(BASE + "." + module + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(BASE + "." + from + "..")
                .allowEmptyShould(true);
    }
}
