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
    if (this.#loaded) await this.#restore(section);
  }

  /** Removes a section; what it holds at this moment stays in the checkpoint. */
  async detach(section: CheckpointSection): Promise<void> {
    if (this.#attached.get(section.name) !== section) return;
    this.#attached.delete(section.name);
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
    const pause = createPause();
    const sections: Record<string, SectionContent> = Object.fromEntries(this.#unclaimed);
    for (const [name, section] of this.#attached) sections[name] = await section.serialize(pause);
    await this.#checkpoint.save(sections);
  }

  async #restore(section: CheckpointSection): Promise<void> {
    const content = this.#unclaimed.get(section.name);
    if (!content) return;
    this.#unclaimed.delete(section.name);
    const refused = section.restore(content, this.#stale);
    if (!refused) return;
    const { reason, detail } = refused;
    await this.#checkpoint.copyAside(reason, `section "${section.name}": ${detail}`);
  }
}
