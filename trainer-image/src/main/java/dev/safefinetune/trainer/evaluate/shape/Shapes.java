package dev.safefinetune.trainer.evaluate.shape;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/**
 * The forms of the user's rows, as one stage leaves them for the next.
 *
 * @param shapes the weightiest of each kind first
 */
public record Shapes(List<Shape> shapes) {
    public static final Shapes NONE = new Shapes(List.of());

    /** Most forms that are asked: each costs as many requests as its limit needs. */
    static final int MOST = 10;

    public Shapes {
        shapes = List.copyOf(shapes);
    }

    /** Reads what a stage left. */
    public static Shapes read(Path file) {
        try {
            return ContractJson.read(Files.readString(file), Shapes.class);
        } catch (IOException e) {
            throw TrainerException.storage("read", file, e);
        }
    }

    /** Writes it; it appears whole or not at all. */
    public void write(Path file) {
        DurableFiles.write(file, ContractJson.write(this));
    }

    /** These and others, each text of a kind once. */
    public Shapes plus(Shapes others) {
        List<Shape> all = new ArrayList<>(shapes);
        others.shapes.stream()
                .filter(o -> shapes.stream().noneMatch(s -> s.says(o)))
                .forEach(all::add);
        return new Shapes(all);
    }

    /** Those that are asked: the first of each kind, then the second of each, and so on. */
    public List<Shape> asked() {
        Map<Shape.Kind, List<Shape>> kinds = new EnumMap<>(Shape.Kind.class);
        shapes.forEach(
                s -> kinds.computeIfAbsent(s.kind(), k -> new ArrayList<>()).add(s));
        SequencedSet<Shape> asked = new LinkedHashSet<>();
        for (int rank = 0; asked.size() < Math.min(MOST, shapes.size()); rank++) {
            for (List<Shape> kind : kinds.values()) {
                if (rank < kind.size() && asked.size() < MOST) {
                    asked.add(kind.get(rank));
                }
            }
            if (rank > shapes.size()) {
                break;
            }
        }
        return List.copyOf(asked);
    }
}
