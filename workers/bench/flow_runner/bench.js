// The other side of `minyi bench dialogue`: plays sessions with flow-runner, as fast as it can.
//
// node bench.js FOLDER FLOW.json
//   FOLDER  where node_modules/@floip/flow-runner is
//   FLOW    a FLOIP container of one flow of SelectOneResponse blocks
//
// Reads one JSON object a line, and answers each with one:
//   {"do": "check", "sessions": S}                                  {"answers": [[["B1", "2"], ...], ...], "node": "20.1.0"}
//   {"do": "measure", "way": W, "seconds": 1.2, "sessions": S}      {"answers": 9600, "sessions": 1600, "seconds": 1.2003}
// S: for each session the answer to each question, {"B1": "2", ...}; W: "memory" or "json".
"use strict"

const {createRequire} = require("node:module")
const path = require("node:path")
const {createInterface} = require("node:readline")

const [folder, flowFile] = process.argv.slice(2).map(given => path.resolve(given))
const {FlowRunner, createContextDataObjectFor} = createRequire(path.join(folder, "package.json"))("@floip/flow-runner")
const {flows, resources} = require(flowFile)
const nameOf = new Map(flows[0].blocks.map(block => [block.uuid, block.name]))
const blockOf = new Map(flows[0].blocks.map(block => [block.name, block.uuid]))

// flow-runner says on each question that it waits for the answer; writing that out would be measured with it.
console.info = () => {}

const WAYS = {memory: playInMemory, json: playThroughJson}

function newContext() {
  return createContextDataObjectFor({id: "1", groups: []}, [], "user", "centre", flows, "zho", "IVR", resources)
}

// One runner holds the session from its first question to its last.
async function playInMemory(answers) {
  const context = await newContext()
  const runner = new FlowRunner(context)
  let cursor = await runner.run()
  while (cursor) {
    cursor.prompt.value = answers[cursor.interaction.block_id]
    cursor = await runner.run()
  }
  return context
}

// Between any two steps the context is a string. Flow and resources are the same for everybody: they stay outside.
async function playThroughJson(answers) {
  let context = await newContext()
  let cursor = await new FlowRunner(context).run()
  while (cursor) {
    const stored = JSON.stringify({...context, flows: undefined, resources: undefined})
    context = Object.assign(JSON.parse(stored), {flows, resources})
    const runner = new FlowRunner(context)
    cursor = runner.hydrateRichCursorFrom(context)
    cursor.prompt.value = answers[cursor.interaction.block_id]
    cursor = await runner.run()
  }
  return context
}

function byBlock(answers) {
  return Object.fromEntries(Object.entries(answers).map(([name, code]) => [blockOf.get(name), code]))
}

function given(context) {
  return context.interactions.filter(one => one.has_response).map(one => [nameOf.get(one.block_id), one.value])
}

async function check({sessions}) {
  const played = []
  for (const answers of sessions.map(byBlock)) {
    const [memory, json] = [given(await playInMemory(answers)), given(await playThroughJson(answers))]
    if (JSON.stringify(memory) !== JSON.stringify(json)) throw new Error("a session through JSON ended differently")
    played.push(memory)
  }
  return {answers: played, node: process.versions.node}
}

async function measure({way, seconds, sessions}) {
  const [play, batch] = [WAYS[way], sessions.map(byBlock)]
  let [answers, played, took] = [0, 0, 0]
  const began = process.hrtime.bigint()
  while (took < seconds) {
    for (const planned of batch) {
      const {interactions, delivery_status: status} = await play(planned)
      if (status !== "FINISHED_COMPLETE") throw new Error(`a session ended as ${status}`)
      for (const one of interactions) if (one.has_response) answers += 1
    }
    played += batch.length
    took = Number(process.hrtime.bigint() - began) / 1e9
  }
  return {answers, sessions: played, seconds: took}
}

async function main() {
  for await (const line of createInterface({input: process.stdin})) {
    const asked = JSON.parse(line)
    const answer = await {check, measure}[asked.do](asked)
    process.stdout.write(JSON.stringify(answer) + "\n")
  }
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`)
  process.exitCode = 1
})
