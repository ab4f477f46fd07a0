package dev.safefinetune.trainer.train;

import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.Network;
import dev.safefinetune.trainer.tensor.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A model and its replicas at work on one step: the model on the thread that calls, each replica on a thread of its own
 * (data parallelism within one process).
 */
final class Lanes implements AutoCloseable {
    private final List<Lane> lanes;
    private final List<ExecutorService> threads = new ArrayList<>();

    /** What a lane does. */
    @FunctionalInterface
    interface Task {
        /**
         * Does it.
         *
         * @param number of the lane, from 0
         */
        void run(Lane lane, int number);
    }

    private Lanes(List<Lane> lanes) {
        this.lanes = List.copyOf(lanes);
        for (int i = 1; i < lanes.size(); i++) {
            String name = "replica-" + i;
            ExecutorService thread = Executors.newSingleThreadExecutor(
                    task -> Thread.ofPlatform().daemon().name(name).unstarted(task));
            thread.execute(Threads::adopt);
            threads.add(thread);
        }
    }

    /** Of a model that trains an adapter, or of one without replicas. */
    static Lanes of(Network network, Trainable trainable) {
        List<Lane> lanes = new ArrayList<>(List.of(Lane.first(network, trainable)));
        Adapter adapter = trainable.adapter();
        if (!network.replicas().isEmpty()) {
            if (adapter == null) {
                throw new IllegalArgumentException("replicas train an adapter, not all weights");
            }
            network.replicas().forEach(replica -> lanes.add(Lane.replica(replica, adapter)));
        }
        return new Lanes(lanes);
    }

    int size() {
        return lanes.size();
    }

    Lane first() {
        return lanes.getFirst();
    }

    /** Runs all lanes and waits for all of them, also where one fails; then the first failure in their order is thrown. */
    void each(Task task) {
        List<CompletableFuture<Void>> others = new ArrayList<>();
        for (int i = 1; i < lanes.size(); i++) {
            int number = i;
            others.add(CompletableFuture.runAsync(() -> task.run(lanes.get(number), number), threads.get(i - 1)));
        }
        RuntimeException failure = null;
        try {
            task.run(first(), 0);
        } catch (RuntimeException e) {
            failure = e;
        }
        for (CompletableFuture<Void> other : others) {
            try {
                other.join();
            } catch (CompletionException e) {
                failure = failure == null ? unwrapped(e) : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static RuntimeException unwrapped(CompletionException e) {
        return e.getCause() instanceof RuntimeException cause ? cause : e;
    }

    /** Adds the replicas' gradients to the model's, in their order, and sets theirs to zero. */
    void gather() {
        Trainable own = first().trainable();
        for (Lane other : lanes.subList(1, lanes.size())) {
            first().network()
                    .kernels()
                    .gather(
                            own.gradients().flat(),
                            other.trainable().gradients().flat());
        }
    }

    /** Gives the replicas the model's values. */
    void follow() {
        lanes.subList(1, lanes.size()).forEach(lane -> lane.follow(first().trainable()));
    }

    /** Gives the replicas the values of an adapter that they hold a copy of. */
    void follow(Adapter frozen) {
        lanes.subList(1, lanes.size()).forEach(lane -> lane.follow(frozen));
    }

    @Override
    public void close() {
        threads.forEach(ExecutorService::close);
        lanes.forEach(Lane::close);
    }
}
