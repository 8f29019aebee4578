"""How a backup, a restore and an upgrade say no."""

from __future__ import annotations

from wushu.kernel.errors import kind

BACKUP_FOLDER_NOT_EMPTY = kind(
    "backup-folder-not-empty",
    409,
    zh="文件夹 {folder} 不是空的。",
    en="The folder {folder} is not empty.",
    way_out_zh="请指定一个新的文件夹；要节省空间，用 --base 指向上一次的备份。",
    way_out_en="Name a new folder; to save space, name the last backup with --base.",
)
BACKUP_FAULTY = kind(
    "backup-faulty",
    422,
    zh="{folder} 不是完整的备份：{fault}。",
    en="{folder} is not a whole backup: {fault}.",
    way_out_zh="请换用通过 wushu backup check 的备份。",
    way_out_en="Take another one that passes `wushu backup check`.",
)
BACKUP_DISK_FULL = kind(
    "backup-disk-full",
    507,
    zh="磁盘已满，{folder} 没有写完；没有写完的备份不能通过检查。",
    en="The disk is full, {folder} was not finished; an unfinished backup passes no check.",
    way_out_zh="请删除 {folder}，腾出空间后再备份。",
    way_out_en="Remove {folder}, make room, and take the backup again.",
)
CLIENT_PROGRAM_MISSING = kind(
    "client-program-missing",
    501,
    zh="这台机器没有 {program}，无法复制 PostgreSQL 数据库。",
    en="This machine lacks {program}, without which a PostgreSQL database cannot be copied.",
    way_out_zh="请安装 Debian 软件包 postgresql-client，版本不低于服务器。",
    way_out_en="Install Debian's package postgresql-client, no older than the server.",
)
CLIENT_PROGRAM_FAILED = kind(
    "client-program-failed",
    502,
    zh="{program} 没有完成：{reason}。",
    en="{program} did not finish: {reason}.",
    way_out_zh="请按它所说的处理；客户端的版本不能低于服务器。",
    way_out_en="Do what it says; the client must not be older than the server.",
)
DATABASE_DAMAGED = kind(
    "database-damaged",
    422,
    zh="数据库文件已经损坏：{reason}。",
    en="The database file is damaged: {reason}.",
    way_out_zh="请停止节点，用上一份备份恢复。",
    way_out_en="Stop the node and restore the last backup.",
)
HOME_NOT_EMPTY = kind(
    "restore-home-not-empty",
    409,
    zh="{place} 不是空的，恢复会覆盖其中的内容。",
    en="{place} is not empty; a restore would overwrite what is there.",
    way_out_zh="请恢复到空的位置，核对后再替换。",
    way_out_en="Restore to an empty place, check it, and put it in the other's place.",
)
RESTORE_ENGINE = kind(
    "restore-engine",
    422,
    zh="备份来自 {found}，而 WUSHU_DATABASE_URL 指定的是 {wanted}。",
    en="The backup is of {found}, but WUSHU_DATABASE_URL names {wanted}.",
    way_out_zh="请恢复到同一种数据库。",
    way_out_en="Restore to a database of the same kind.",
)
RESTORE_CHECKPOINT = kind(
    "restore-checkpoint",
    409,
    zh="没有说明恢复后以哪个检查点为准；备份之后公布过的检查点不能被忘记。",
    en="It was not said which checkpoint holds after the restore; none that was published after the "
    "backup may be forgotten.",
    way_out_zh="请用 --checkpoint FILE 给出已知最新的检查点（WUSHU_CHECKPOINT_DIR 或审计者处）；确认备份之后没有"
    "公布过新的，才用 --checkpoint-of-backup。",
    way_out_en="Give the newest one known with --checkpoint FILE (from WUSHU_CHECKPOINT_DIR or an "
    "auditor); use --checkpoint-of-backup only when none was published after the backup.",
)
RELEASE_OLDER = kind(
    "release-older",
    409,
    zh="数据库属于更新的版本：本程序不认识迁移 {migrations}。",
    en="The database is of a newer release: this one does not know the migrations {migrations}.",
    way_out_zh="请安装更新的版本；退回旧版本须恢复升级前的备份。",
    way_out_en="Install the newer release; to go back, restore the backup from before the upgrade.",
)
UPGRADE_FAILED = kind(
    "upgrade-failed",
    500,
    zh="升级没有成功，数据库保持原样：{reason}。",
    en="The upgrade did not succeed; the database is as it was: {reason}.",
    way_out_zh="请继续使用原来的版本，并把这句话和程序日志交给开发者。升级前的副本：{copy}。",
    way_out_en="Go on with the release before, and report this sentence with the program's log. Copy "
    "from before: {copy}.",
)
