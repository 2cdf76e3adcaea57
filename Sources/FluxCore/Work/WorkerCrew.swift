import Glibc
import Synchronization

/// The threads behind ``ThreadPool``: made when first needed, parked between one piece of work and the next.
///
/// A training step takes less than a millisecond; making and joining a thread for each of its
/// parts would cost a tenth of it. A parked thread first looks for work for a moment, then sleeps.
/// The program has one crew, and each ``ThreadScope`` another, which is dismissed at its end.
final class WorkerCrew: @unchecked Sendable {
  static let shared = WorkerCrew()

  /// One call of ``ThreadPool/forEach(_:_:)``.
  private final class Job: Sendable {
    let next = Atomic<Int>(0)
    let count: Int
    let scope: ThreadScope?
    let body: @Sendable (Int, Int) -> Void
    init(count: Int, scope: ThreadScope?, body: @escaping @Sendable (Int, Int) -> Void) {
      self.count = count
      self.scope = scope
      self.body = body
    }
    func work(_ worker: Int) {
      while true {
        let tile = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if tile >= count { return }
        body(tile, worker)
      }
    }
  }

  /// Looks at ``generation`` before a thread goes to sleep, some tens of microseconds.
  private static let patience = 20_000

  private let isBusy = Atomic<Bool>(false)
  /// Counts the jobs; a change tells a waiting thread to look.
  private let generation = Atomic<Int>(0)
  /// Threads that are inside the current job.
  private let active = Atomic<Int>(0)
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let idle = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  // Guarded by the lock.
  private var job: Unmanaged<Job>?
  private var places = 0, crew = 0
  private var isDismissed = false

  init() {
    pthread_mutex_init(lock, nil)
    pthread_cond_init(wake, nil)
    pthread_cond_init(idle, nil)
  }

  /// Each thread holds on to its crew, so that the last to leave ends it.
  deinit {
    pthread_mutex_destroy(lock)
    pthread_cond_destroy(wake)
    pthread_cond_destroy(idle)
    lock.deallocate()
    wake.deallocate()
    idle.deallocate()
  }

  /// Lets the threads go. Later work runs on the caller's own thread.
  func dismiss() {
    pthread_mutex_lock(lock)
    isDismissed = true
    generation.wrappingAdd(1, ordering: .releasing)
    pthread_cond_broadcast(wake)
    pthread_mutex_unlock(lock)
  }

  /// Runs a job with this thread and `workers - 1` others.
  ///
  /// - Returns: whether it ran; false while the crew is at work already.
  func run(_ workers: Int, _ count: Int, _ scope: ThreadScope?, _ body: @Sendable (Int, Int) -> Void) -> Bool {
    guard isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else { return false }
    defer { isBusy.store(false, ordering: .releasing) }
    withoutActuallyEscaping(body) { body in
      let mine = Job(count: count, scope: scope, body: body)
      pthread_mutex_lock(lock)
      while crew < workers - 1, !isDismissed, hire() { crew += 1 }
      job = Unmanaged.passUnretained(mine)
      places = min(workers - 1, crew)
      generation.wrappingAdd(1, ordering: .releasing)
      pthread_cond_broadcast(wake)
      pthread_mutex_unlock(lock)
      mine.work(0)
      // All tiles are taken: nobody joins any more, and who has joined finishes.
      pthread_mutex_lock(lock)
      job = nil
      pthread_mutex_unlock(lock)
      var looks = 0
      while active.load(ordering: .acquiring) > 0, looks < Self.patience { looks += 1 }
      pthread_mutex_lock(lock)
      while active.load(ordering: .acquiring) > 0 { pthread_cond_wait(idle, lock) }
      pthread_mutex_unlock(lock)
    }
    return true
  }

  /// Starts one more thread; signals stay with the interpreter's.
  private func hire() -> Bool {
    var all = sigset_t(), before = sigset_t(), thread = pthread_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let mine = Unmanaged.passRetained(self)
    let serve: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { crew in
      Unmanaged<WorkerCrew>.fromOpaque(crew!).takeRetainedValue().serve()
      return nil
    }
    let status = pthread_create(&thread, nil, serve, mine.toOpaque())
    if status == 0 { pthread_detach(thread) } else { mine.release() }
    return status == 0
  }

  private func serve() {
    var seen = 0
    while true {
      var looks = 0
      while generation.load(ordering: .acquiring) == seen, looks < Self.patience { looks += 1 }
      pthread_mutex_lock(lock)
      while generation.load(ordering: .relaxed) == seen, !isDismissed { pthread_cond_wait(wake, lock) }
      seen = generation.load(ordering: .relaxed)
      let mine = places > 0 ? job : nil
      let worker = places, isLast = isDismissed
      if mine != nil {
        places -= 1
        active.wrappingAdd(1, ordering: .relaxed)
      }
      pthread_mutex_unlock(lock)
      if let mine {
        Self.join(mine, worker)
        pthread_mutex_lock(lock)
        if active.wrappingSubtract(1, ordering: .releasing).newValue == 0 { pthread_cond_signal(idle) }
        pthread_mutex_unlock(lock)
      }
      if isLast { return }
    }
  }

  /// Holds on to the job only inside, so that it ends with the call that made it.
  @inline(never)
  private static func join(_ job: Unmanaged<Job>, _ worker: Int) {
    job._withUnsafeGuaranteedRef { job in ThreadPool.inside(job.scope) { job.work(worker) } }
  }
}
