//! Several replicas in memory, as a person's devices would meet: stories, refusals and a simulation.

mod replicas;
mod requirements;
mod simulation;
mod vectors;
mod world;
