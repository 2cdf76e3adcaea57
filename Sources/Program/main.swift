import FluxConsole
import FluxJupyter
import Glibc

exit(Program.run(CommandLine.arguments, commands: [KernelCommand.command], rows: KernelCommand.rows))
