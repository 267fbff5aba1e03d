/**
 * A checkpoint whose sections belong to different parts of the program and are kept together: a
 * counter and what is derived from the same jobs must not part over a kill.
 *
 * @module
 */
import type { Checkpoint } from "./checkpoint.ts";
import { createPause } from "./json_pieces.ts";
import type { CheckpointSection, SectionContent } from "./section.ts";

/** Gathers sections for one checkpoint. */
export class SectionedCheckpoint {
  readonly #checkpoint: Checkpoint;
  readonly #attached = new Map<string, CheckpointSection>();
  /** What was loaded for sections that nobody has attached: kept as it is. */
  readonly #unclaimed = new Map<string, SectionContent>();
  #loaded = false;
  #stale = false;
  /** Counts changes of which sections are attached. */
  #generation = 0;
  /** The generation that is on disk as a whole. */
  #writtenGeneration: number | undefined;

  constructor(checkpoint: Checkpoint) {
    this.#checkpoint = checkpoint;
  }

  /**
   * Adds a section. After `load()` it is restored at once.
   *
   * @throws RangeError When there is a section of that name.
   * @throws Error When the checkpoint cannot be read or copied.
   */
  async attach(section: CheckpointSection): Promise<void> {
    if (this.#attached.has(section.name)) {
      throw new RangeError(`there is a section "${section.name}" already`);
    }
    this.#attached.set(section.name, section);
    this.#generation++;
    if (this.#loaded) await this.#restore(section);
  }

  /** Removes a section; what it holds at this moment stays in the checkpoint. */
  async detach(section: CheckpointSection): Promise<void> {
    if (this.#attached.get(section.name) !== section) return;
    this.#attached.delete(section.name);
    this.#generation++;
    this.#unclaimed.set(section.name, await section.serialize(createPause()));
  }

  /**
   * Restores all sections. A section that cannot be used is left as it is, and a copy of the file is
   * put aside.
   *
   * @throws Error When the checkpoint is there and cannot be read or put aside.
   */
  async load(): Promise<void> {
    const loaded = await this.#checkpoint.load();
    this.#stale = loaded?.stale ?? false;
    const sections = loaded?.sections ?? {};
    for (const [name, content] of Object.entries(sections)) this.#unclaimed.set(name, content);
    this.#loaded = true;
    for (const section of this.#attached.values()) await this.#restore(section);
  }

  /**
   * Keeps all sections as they stand.
   *
   * @throws CheckpointNotWrittenError
   */
  async save(): Promise<void> {
    const attached = [...this.#attached.values()];
    if (!await this.#append(attached)) {
      const generation = this.#generation;
      const pause = createPause();
      const sections: Record<string, SectionContent> = Object.fromEntries(this.#unclaimed);
      for (const section of attached) sections[section.name] = await section.serialize(pause);
      await this.#checkpoint.save(sections);
      this.#writtenGeneration = generation;
    }
    for (const section of attached) section.written?.();
  }

  /** Appends what has changed, where that will do. */
  async #append(attached: readonly CheckpointSection[]): Promise<boolean> {
    if (this.#writtenGeneration !== this.#generation || !this.#checkpoint.appendable) return false;
    const pause = createPause();
    const sections: Record<string, SectionContent> = {};
    for (const section of attached) {
      // A section that cannot tell what has changed is written as a whole: most are small.
      const content = section.serializeChanges
        ? await section.serializeChanges(pause)
        : await section.serialize(pause);
      if (!content) return false;
      sections[section.name] = content;
    }
    return await this.#checkpoint.append(sections);
  }

  async #restore(section: CheckpointSection): Promise<void> {
    const content = this.#unclaimed.get(section.name);
    if (!content) return;
    this.#unclaimed.delete(section.name);
    const refused = await section.restore(content, this.#stale, createPause());
    if (!refused) return;
    const { reason, detail } = refused;
    await this.#checkpoint.copyAside(reason, `section "${section.name}": ${detail}`);
  }
}
