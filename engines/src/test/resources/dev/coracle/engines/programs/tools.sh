# Programs of science and media: SQLite, R, ffmpeg, ImageMagick, samtools, Open MPI, all on data made here.
sqlite3 base.db "create table t(a integer primary key, b text); begin; with recursive c(x) as (select 1 union all select x+1 from c where x<20000)
    insert into t select x, hex(x) from c; commit; pragma journal_mode=wal; create index i on t(b); select count(*), sum(a) from t where b like '3%'; pragma integrity_check;"
Rscript -e 'set.seed(1); x <- data.frame(a = 1:100, b = (1:100)^2); print(coef(lm(b ~ a, x))); saveRDS(x, "x.rds"); print(dim(readRDS("x.rds"))); cat(system("echo from R", intern = TRUE), "\n"); library(parallel); print(unlist(mclapply(1:4, function(i) i * i, mc.cores = 2)))'
ffmpeg -v error -f lavfi -i testsrc=duration=1:size=128x96:rate=10 -c:v mpeg4 -threads 2 -bitexact -y video.avi && ffprobe -v error -show_entries stream=codec_name,width,height,nb_frames -of csv video.avi
ffmpeg -v error -i video.avi -f framemd5 -bitexact - | grep -v '^#' | md5sum
convert -size 60x40 gradient:red-blue -rotate 90 image.png && identify -format '%m %w %h\n' image.png && convert image.png -resize 50% gray:- | wc -c
printf '@SQ\tSN:c\tLN:1000\n' >reads.sam && for i in $(seq 1 300); do printf 'r%d\t0\tc\t%d\t60\t5M\t*\t0\t0\tACGTA\tIIIII\n' "$i" "$((301 - i))"; done >>reads.sam
samtools sort -@ 2 -o reads.bam reads.sam && samtools index reads.bam && samtools view -c reads.bam c:100-200 && samtools flagstat reads.bam | head -n 1
cat >ring.c <<'END'
#include <mpi.h>
#include <stdio.h>
int main(int count, char **words)
{
	int rank, size, token = 7;
	MPI_Init(&count, &words);
	MPI_Comm_rank(MPI_COMM_WORLD, &rank);
	MPI_Comm_size(MPI_COMM_WORLD, &size);
	if (rank == 0) MPI_Send(&token, 1, MPI_INT, 1, 0, MPI_COMM_WORLD);
	else { MPI_Recv(&token, 1, MPI_INT, 0, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE); printf("%d of %d got %d\n", rank, size, token); }
	MPI_Finalize();
	return words == NULL;
}
END
mpicc -o ring ring.c && mpirun --allow-run-as-root --oversubscribe -np 2 ./ring
