package dev.safefinetune.attest;

import dev.safefinetune.contract.PublishedFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What was checked of a published model, and what spoke against it.
 *
 * @param checked what holds, one sentence each
 * @param problems what does not, one sentence each, each with its file; empty: the model is what the platform has signed
 * @param statement the platform's, where its signature holds
 */
public record Verification(
        List<String> checked,
        List<String> problems,
        @Nullable Statement statement) {
    /** What nobody can see of a directory and a key. */
    public static final List<String> NOT_CHECKED = List.of(
            "that the verdict is right: it says what was measured, by the figures in the statement",
            "that the key is the platform's: you named it",
            "that the key was not withdrawn: a key file may have a line notAfter, no list of withdrawn keys is asked",
            "that the model is the newest one of its name: an older one that was signed holds as well");

    public Verification {
        checked = List.copyOf(checked);
        problems = List.copyOf(problems);
    }

    public boolean isVerified() {
        return problems.isEmpty();
    }

    /**
     * Checks a directory, offline.
     *
     * @param now at which the signature's key has to be valid
     * @throws IOException where it cannot be read
     */
    public static Verification of(Path directory, KeyRing ring, Instant now) throws IOException {
        return new Run(directory, ring, now).verify();
    }

    private static final class Run {
        private final Path directory;
        private final KeyRing ring;
        private final Instant now;
        private final List<String> checked = new ArrayList<>();
        private final List<String> problems = new ArrayList<>();
        private @Nullable Statement statement;

        Run(Path directory, KeyRing ring, Instant now) {
            this.directory = directory;
            this.ring = ring;
            this.now = now;
        }

        private interface Step {
            void check() throws AttestException, IOException;
        }

        Verification verify() throws IOException {
            PublishedTree tree = PublishedTree.of(directory);
            tree.unfit().forEach(each -> problems.add(printable(each)));
            if (tree.unfit().isEmpty()) {
                checked.add("no links, no special files, no empty directories");
            }
            step(PublishedFiles.MANIFEST, () -> manifest(tree.files()));
            step(PublishedFiles.STATEMENT, () -> statement(tree.files()));
            step(PublishedFiles.SIGNATURE, () -> signature(tree.files()));
            return new Verification(checked, problems, statement);
        }

        private void step(String file, Step step) throws IOException {
            try {
                step.check();
            } catch (AttestException e) {
                problems.add(printable(file + ": " + e.getMessage()));
            }
        }

        /** Messages quote what lies there, and whoever wrote that may know what a terminal obeys. */
        private static String printable(String text) {
            return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}]", "?");
        }

        private void manifest(Listing there) throws AttestException, IOException {
            byte[] bytes = PublishedTree.read(directory, PublishedFiles.MANIFEST);
            Listing listed = Listing.parse(Canonical.text("it", bytes));
            if (!listed.equals(there)) {
                throw new AttestException(difference(listed, there));
            }
            checked.add("%s lists each of the %d files with its digest, and no other file lies there"
                    .formatted(PublishedFiles.MANIFEST, there.files().size()));
        }

        /** Each file that is at fault; a name is shown as it is, having no control characters. */
        private static String difference(Listing listed, Listing there) {
            List<String> faults = new ArrayList<>();
            TreeSet<String> names = new TreeSet<>(listed.files().keySet());
            names.addAll(there.files().keySet());
            for (String name : names) {
                String stated = listed.files().get(name);
                String found = there.files().get(name);
                if (stated == null) {
                    faults.add(name + " is not listed");
                } else if (found == null) {
                    faults.add(name + " is missing");
                } else if (!stated.equals(found)) {
                    faults.add(name + " was changed");
                }
            }
            return String.join("; ", faults);
        }

        private void statement(Listing there) throws AttestException, IOException {
            byte[] bytes = PublishedTree.read(directory, PublishedFiles.STATEMENT);
            Statement read = Statement.open(bytes, ring, now);
            checked.add(PublishedFiles.STATEMENT + " is signed with a key that was named");
            statement = read;
            read.requireSubject(there);
            checked.add("its subject is this model, " + there.modelDigest() + ", with the files that lie beside it");
        }

        private void signature(Listing there) throws AttestException, IOException {
            byte[] bytes = PublishedTree.read(directory, PublishedFiles.SIGNATURE);
            Listing all = there.with(PublishedFiles.MANIFEST, there.text())
                    .with(
                            PublishedFiles.STATEMENT,
                            Canonical.text("it", PublishedTree.read(directory, PublishedFiles.STATEMENT)));
            ModelSignature.require(bytes, all, ring, now);
            checked.add(PublishedFiles.SIGNATURE + " signs every file but itself, with a key that was named");
        }
    }
}
