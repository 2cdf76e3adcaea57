import Foundation
import Testing

/// The Jupyter kernel as a front end meets it. Python's packages come from `Scripts/test`; without them these tests are skipped,
/// and each says why and how many.
@Suite("The Jupyter kernel", .serialized)
struct KernelTests {
  /// A Python with jupyter_kernel_test and nbclient: `.build/jupyter` of the package, or `FLUXBRIDGE_JUPYTER`.
  private static let python: String? = {
    let chosen = ProcessInfo.processInfo.environment["FLUXBRIDGE_JUPYTER"] ?? SmallEarth.scripts + "/../.build/jupyter"
    let path = chosen + "/bin/python"
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }()
  private static let message: Comment = "no Jupyter here, which 6 tests need; Scripts/test installs it into .build/jupyter"

  /// Whether JupyterLab, playwright and a Chromium are there too.
  private static let hasLab: Bool = {
    guard let python else { return false }
    let folder = URL(fileURLWithPath: python).deletingLastPathComponent().path
    let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return ["jupyter-lab", "playwright"].allSatisfy { FileManager.default.isExecutableFile(atPath: "\(folder)/\($0)") }
      && ["chromium", "chromium-browser", "google-chrome"].contains { name in
        path.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
      }
  }()
  private static let trainingMessage: Comment = python == nil ? message : "1 test trains a network, which needs a release build"
  private static let labMessage: Comment = "1 test needs JupyterLab and playwright in .build/jupyter (Scripts/test), chromium on PATH, and a release build"

  private func check(_ name: String, _ more: [String] = [], patience: Double) throws -> ChildProgram {
    try ChildProgram(["\(SmallEarth.scripts)/checks/\(name)", ChildProgram.path] + more, program: #require(Self.python), patience: patience)
  }

  @Test("passes jupyter_kernel_test with every feature declared, and what a real client expects", .enabled(if: python != nil, message))
  func conformance() throws {
    let run = try check("kernel_conformance", patience: 300)
    #expect(run.status == 0, "\(run.output)\n\(run.errors)")
    #expect(!run.errors.contains("skipped"), "\(run.errors)")
  }

  @Test("answers none of 10 000 mutated messages, and survives them and signed nonsense", .enabled(if: python != nil, message))
  func frames() throws {
    let run = try check("kernel_frames", patience: 300)
    #expect(run.status == 0, "\(run.output)\n\(run.errors)")
    #expect(run.output.contains("the kernel lives"))
  }

  @Test("what nobody reads stays bounded, in order, and never holds up the stop button, which ends child programs too", .enabled(if: python != nil, message))
  func output() throws {
    // Without optimisation a million lines take minutes.
    let run = try check("kernel_output", Self.isOptimised ? [] : ["Pressure.test_unread_output_unlimited", "Pressure.test_an_interrupt_ends_a_child_program_and_the_cell"], patience: 300)
    #expect(run.status == 0, "\(run.output)\n\(run.errors)")
  }

  @Test("a port that is taken, and an address of another machine, end the kernel with a message that says so", arguments: [
    ("127.0.0.1", "is taken by another program; expected a free port"), ("198.51.100.7", "is no address of this machine; expected 127.0.0.1"),
  ])
  func address(_ address: String, _ text: String) throws {
    let taken = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(taken) }
    var place = sockaddr_in(), length = socklen_t(MemoryLayout<sockaddr_in>.size)
    place.sin_family = sa_family_t(AF_INET)
    place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let isListening = withUnsafeMutablePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(taken, $0, length) == 0 && listen(taken, 1) == 0 && getsockname(taken, $0, &length) == 0 }
    }
    try #require(isListening)
    let port = UInt16(bigEndian: place.sin_port)
    let folder = try ScriptFolder(["connection.json": """
      {"ip": "\(address)", "transport": "tcp", "key": "k", "signature_scheme": "hmac-sha256",
       "shell_port": \(port), "control_port": \(port), "iopub_port": \(port), "stdin_port": \(port), "hb_port": \(port)}
      """])
    let path = folder.path + "/connection.json", run = try ChildProgram(["kernel", "start", "-f", path])
    #expect(run.status == 1 && run.errors.contains("\(path): tcp://\(address):\(port) \(text)"), "\(run.status) \(run.output) \(run.errors)")
  }

  @Test("--help tells the words of the kernel command, behind each of them", arguments: [["--help"], ["install", "--help"], ["remove", "-h"], ["start", "--help"]])
  func help(_ words: [String]) throws {
    let run = try ChildProgram(["kernel"] + words)
    #expect(run.status == 0 && run.output.contains("usage: fluxbridge kernel install [--user | --prefix DIR | --sys-prefix]"), "\(run.output)\(run.errors)")
  }

  @Test("runs the notebooks", .enabled(if: python != nil, message))
  func notebooks() throws {
    // A synthetic Earth takes minutes without optimisation.
    let run = try check("run_notebooks", Self.isOptimised ? [] : ["--only", "reading_real_towers"], patience: 900)
    #expect(run.status == 0, "\(run.output)\n\(run.errors)")
  }

  @Test("a training run shows one bar, hears an interrupt within 300 ms, and leaves the kernel alive", .enabled(if: python != nil && isOptimised, trainingMessage))
  func training() throws {
    let run = try check("kernel_training", patience: 300)
    #expect(run.status == 0, "\(run.output)\n\(run.errors)")
    #expect(run.output.contains("one bar"))
  }

  @Test("JupyterLab runs a notebook, shows its figures, completes with Tab, follows a link, loses no line, stops and restarts", .enabled(if: hasLab && isOptimised, labMessage))
  func lab() throws {
    let run = try check("jupyterlab", ["--lines", "200000"], patience: 600)
    #expect(run.status == 0, "\(run.output)\n\(run.errors)")
    #expect(run.output.contains("200000 lines came in") && run.output.contains("the kernel restarted"))
  }

  private static var isOptimised: Bool {
    #if DEBUG
      false
    #else
      true
    #endif
  }

  @Test("install writes the kernel, starts it and tells what it saw; remove takes it away", .enabled(if: python != nil, message))
  func installs() throws {
    let folder = try ScriptFolder(["x": ""]), kernel = folder.path + "/with space/share/jupyter/kernels/fluxbridge"
    let run = try ChildProgram(["kernel", "install", "--prefix", folder.path + "/with space"])
    #expect(run.status == 0 && run.output.contains("answered 6.0 after"), "\(run.output)\(run.errors)")
    let text = try String(contentsOfFile: kernel + "/kernel.json", encoding: .utf8)
    #expect(text.contains("\"\(ChildProgram.path)\"") && text.contains("{connection_file}"))
    let logo = try Data(contentsOf: URL(fileURLWithPath: kernel + "/logo-64x64.png"))
    #expect(logo.prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]))
    let away = try ChildProgram(["kernel", "remove", "--prefix=\(folder.path)/with space"])
    #expect(away.status == 0 && !FileManager.default.fileExists(atPath: kernel))
  }

  @Test("wrong words and files are told, with the status of wrong usage", arguments: [
    (["kernel"], 2, "expected fluxbridge kernel install, start or remove"), (["kernel", "instal"], 2, "did you mean 'install'?"),
    (["kernel", "install", "--prefx", "x"], 2, "--user, --prefix DIR or --sys-prefix"), (["kernel", "start"], 2, "-f CONNECTION_FILE"),
    (["kernel", "start", "-f", "/nowhere.json"], 1, "/nowhere.json: cannot be read"),
  ])
  func usage(_ words: [String], _ status: Int, _ text: String) throws {
    let run = try ChildProgram(words)
    #expect(Int(run.status) == status && run.errors.contains(text), "\(run.status) \(run.errors)")
  }
}
